// What our scripts call of it; see README.md.

export interface Chart {
  setOption(option: object, replace?: boolean): void;
  resize(): void;
  dispose(): void;
  renderToSVGString(): string;
}

export function init(
  element: HTMLElement | null,
  theme: null,
  options: { renderer: "svg"; ssr?: boolean; width?: number; height?: number },
): Chart;

export function registerMap(name: string, outlines: object): void;

export interface Projection {
  project(point: [number, number]): [number, number];
  unproject(point: [number, number]): [number, number];
}

export const equalEarth: Projection;
