// What of ECharts the charts of datasets use. README.md says how it becomes echarts.js.
import { geoEqualEarthRaw } from "d3-geo";
import { BarChart, HeatmapChart, LineChart, MapChart, ScatterChart } from "echarts/charts";
import { GridComponent, LegendComponent, TitleComponent, TooltipComponent, VisualMapContinuousComponent, VisualMapPiecewiseComponent } from "echarts/components";
import { init, registerMap, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([
  BarChart,
  HeatmapChart,
  LineChart,
  MapChart,
  ScatterChart,
  GridComponent,
  LegendComponent,
  TitleComponent,
  TooltipComponent,
  VisualMapContinuousComponent,
  VisualMapPiecewiseComponent,
  SVGRenderer,
]);

const DEGREE = Math.PI / 180;

/** Countries of the same area are as large as each other; in degrees, and y downwards as on a page. */
const equalEarth = {
  /** @param {[number, number]} point */
  project([longitude, latitude]) {
    const [x, y] = geoEqualEarthRaw(longitude * DEGREE, latitude * DEGREE);
    return [x / DEGREE, -y / DEGREE];
  },
  /** @param {[number, number]} point */
  unproject([x, y]) {
    const [longitude, latitude] = geoEqualEarthRaw.invert(x * DEGREE, -y * DEGREE);
    return [longitude / DEGREE, latitude / DEGREE];
  },
};

export { equalEarth, init, registerMap };
