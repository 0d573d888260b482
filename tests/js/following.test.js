import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Unreachable } from "../../static/js/api.js";
import { follow } from "../../static/js/following.js";

/** @type {Source[]} */
let sources;
/** What waits, by its milliseconds. */
let timers;
/** Answers that are asked for. */
let asked;

class Source extends EventTarget {
  constructor(address) {
    super();
    this.address = address;
    this.isClosed = false;
    sources.push(this);
  }

  close() {
    this.isClosed = true;
  }

  tell(name, data = {}) {
    this.dispatchEvent(Object.assign(new Event(name), { data: JSON.stringify(data) }));
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Let those timers go off that were set for so long. */
async function pass(milliseconds) {
  for (const [timer, { call, delay }] of [...timers]) {
    if (delay !== milliseconds || !timers.delete(timer)) continue;
    call();
  }
  await settled();
}

const waits = () => [...timers.values()].map(({ delay }) => delay).sort((one, other) => one - other);

async function answer(value) {
  asked.shift()(value);
  await settled();
}

async function start(more = {}) {
  const shown = [];
  const troubles = [];
  const hooks = {
    address: "/api/files/events",
    whole: "files",
    ask: () => new Promise((resolve) => asked.push(resolve)),
    take(told) {
      shown.push(told);
      return told.busy ?? false;
    },
    others: { file: (told) => shown.push(told) },
    onLost: (error) => troubles.push(error),
    onBack: () => troubles.push("back"),
    ...more,
  };
  const followed = follow(hooks);
  await settled();
  return { shown, troubles, followed };
}

beforeEach(() => {
  [sources, timers, asked] = [[], new Map(), []];
  let number = 0;
  const names = {
    EventSource: Source,
    document: Object.assign(new EventTarget(), { hidden: false }),
    addEventListener() {},
    setTimeout(call, delay) {
      timers.set(++number, { call, delay });
      return number;
    },
    clearTimeout: (timer) => timers.delete(timer),
  };
  for (const [name, value] of Object.entries(names)) {
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
});

test("what events tell is shown, and nothing is asked for meanwhile", async () => {
  const { shown } = await start();
  assert.equal(sources[0].address, "/api/files/events");
  sources[0].tell("files", { first: 1 });
  await answer({ older: 1 });
  await answer({ busy: true }); // asked once more, for an event came while the first answer was on its way
  sources[0].tell("file", { second: 2 });
  assert.deepEqual(shown, [{ first: 1 }, { busy: true }, { second: 2 }]);
  assert.deepEqual(waits(), [45_000]);
});

test("where no event comes, it is asked as ever, and events are tried again later", async () => {
  await start();
  await answer({ busy: true });
  await pass(8_000);
  assert.equal(sources[0].isClosed, true);
  await answer({ busy: true });
  assert.deepEqual(waits(), [1_000, 60_000]);
  await pass(1_000);
  assert.equal(asked.length, 1);
  await pass(60_000);
  assert.equal(sources.length, 2);
});

test("a stream that falls silent or breaks is one that does not come", async () => {
  for (const ends of [() => pass(45_000), async () => sources.at(-1).dispatchEvent(new Event("error"))]) {
    timers.clear();
    asked = [];
    await start();
    await answer({});
    sources.at(-1).tell("files", {});
    sources.at(-1).tell("beat");
    assert.deepEqual(waits().filter((delay) => delay === 45_000).length, 1);
    await ends();
    assert.equal(sources.at(-1).isClosed, true);
    assert.equal(asked.length, 1);
  }
});

test("a browser without events asks", async () => {
  delete globalThis.EventSource;
  await start();
  await answer({ busy: true });
  assert.deepEqual(waits(), [1_000]);
});

test("a page that nobody sees holds no connection", async () => {
  await start();
  await answer({});
  sources[0].tell("files", {});
  globalThis.document.hidden = true;
  globalThis.document.dispatchEvent(new Event("visibilitychange"));
  assert.equal(sources[0].isClosed, true);
  globalThis.document.hidden = false;
  globalThis.document.dispatchEvent(new Event("visibilitychange"));
  assert.equal(sources.length, 2);
});

test("who has seen enough is left in peace", async () => {
  const { followed } = await start();
  await answer({});
  followed.end();
  sources[0].dispatchEvent(new Event("error"));
  assert.equal(sources[0].isClosed, true);
  assert.equal(sources.length, 1);
  assert.equal(asked.length, 0);
});

test("what is lost while events come is asked for until it is back", async () => {
  let isAway = false;
  const { troubles, followed } = await start({
    ask: async () => {
      if (isAway) throw new Unreachable("away");
      return {};
    },
  });
  sources[0].tell("files", {});
  isAway = true;
  await followed.now();
  assert.equal(troubles.length, 1);
  isAway = false;
  await pass(2_000);
  assert.equal(troubles.at(-1), "back");
});

test("after an act it is followed anew: what was asked for is not known to whoever tells what differs", async () => {
  const { shown, followed } = await start();
  await answer({ all: 1 });
  sources[0].tell("files", { all: 2 });
  const done = followed.anew();
  await answer({ all: 3 });
  await done;
  assert.deepEqual(shown, [{ all: 1 }, { all: 2 }, { all: 3 }]);
  assert.deepEqual([sources.length, sources[0].isClosed, sources[1].isClosed], [2, true, false]);
  sources[1].tell("files", { all: 4 });
  assert.deepEqual(shown.at(-1), { all: 4 });
  assert.deepEqual(waits(), [45_000]);
});
