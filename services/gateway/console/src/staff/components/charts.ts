/** The parts of ECharts that screens use, and our colours. */
import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { init, use, type EChartsType } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

const theme = {
  color: ["#1f4e79", "#2e8b57", "#b3541e", "#7b5aa6", "#8a7300", "#3f7f8f"],
  textStyle: { fontFamily: "inherit", color: "#353e4c" },
};

export function begin(place: HTMLElement): EChartsType {
  return init(place, theme, { renderer: "svg" });
}
