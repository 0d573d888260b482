// The menus of a toolbar close by Escape and by a click beside them.

const tools = [...document.querySelectorAll("details.tool")].filter((each) => each instanceof HTMLDetailsElement);
document.addEventListener("keydown", ({ key }) => {
  const open = tools.find((each) => each.open);
  if (key !== "Escape" || !open) return;
  open.open = false;
  open.querySelector("summary")?.focus();
});
document.addEventListener("click", ({ target }) => {
  for (const each of tools) if (target instanceof Node && !each.contains(target)) each.open = false;
});
