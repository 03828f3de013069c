(function () {
  "use strict";
  if (!window.echarts) { return; }
  document.body.classList.remove("noscript");
  var data = JSON.parse(document.getElementById("chart-data").textContent);
  var font = getComputedStyle(document.body).fontFamily;
  var narrow = window.matchMedia("(max-width:760px)").matches;
  var ink = "#55655e", line = "#dbe4df", green = "#1c6a50", pale = "#c3d3cb", brown = "#b08a4a", leaf = "#4f9c7f", blue = "#2f4f7a", red = "#a02a20";
  var drawn = [];

  function text(value) {
    if (value === null || value === undefined) { return "—"; }
    var parts = String(value).split(".");
    parts[0] = parts[0].replace(/\B(?=(\d{3})+$)/g, ",");
    return parts.join(".");
  }
  function safe(value) { return String(value).replace(/[&<>"']/g, function (mark) { return "&#" + mark.charCodeAt(0) + ";"; }); }
  function tip(units) {
    return function (points) {
      return safe(points[0].axisValue) + points.map(function (point) {
        return "<br>" + point.marker + safe(point.seriesName) + "　<b>" + text(point.value) + "</b> " + units[point.seriesName];
      }).join("");
    };
  }
  function axis(extra) {
    return Object.assign({ axisLine: { lineStyle: { color: line } }, axisTick: { show: false }, axisLabel: { color: ink }, nameTextStyle: { color: ink }, splitLine: { lineStyle: { color: line } } }, extra);
  }
  function draw(id, option) {
    var box = document.getElementById(id);
    if (!box) { return; }
    var chart = echarts.init(box, null, { renderer: "svg" });
    chart.setOption(Object.assign({ textStyle: { fontFamily: font, fontSize: 12 }, animation: false }, option));
    drawn.push(chart);
  }
  function legend(names) { return { top: 10, data: names, textStyle: { color: ink }, itemWidth: 18, itemHeight: 10, itemGap: narrow ? 10 : 22 }; }

  draw("chart-share", {
    color: [green, red], legend: legend(["绿色占比", "目标"]), grid: { left: 46, right: 20, top: 52, bottom: 34 },
    tooltip: { trigger: "axis", confine: true, formatter: tip({ "绿色占比": "%", "目标": "%" }) },
    xAxis: axis({ type: "category", boundaryGap: false, data: data.share.months, splitLine: { show: false } }),
    yAxis: axis({ type: "value", name: "%", min: 0 }),
    series: [
      { name: "绿色占比", type: "line", symbolSize: 5, showSymbol: true, lineStyle: { width: 2.5 }, areaStyle: { opacity: 0.08 }, data: data.share.share },
      { name: "目标", type: "line", symbol: "none", lineStyle: { type: "dashed", width: 1.5 }, data: data.share.target }
    ]
  });
  draw("chart-cluster", {
    color: [green, pale], legend: legend(["绿色工厂产值", "其他产值"]), grid: { left: narrow ? 96 : 120, right: narrow ? 62 : 80, top: 46, bottom: 34 },
    tooltip: { trigger: "axis", confine: true, axisPointer: { type: "shadow" }, formatter: tip({ "绿色工厂产值": "亿元", "其他产值": "亿元" }) },
    xAxis: axis({ type: "value", name: "亿元", nameGap: 8 }),
    yAxis: axis({ type: "category", inverse: true, data: data.clusters.names, splitLine: { show: false } }),
    series: [
      { name: "绿色工厂产值", type: "bar", stack: "output", barMaxWidth: 18, data: data.clusters.green },
      { name: "其他产值", type: "bar", stack: "output", barMaxWidth: 18, data: data.clusters.other,
        label: { show: true, position: "right", color: "#17241f", formatter: function (point) { return data.clusters.share[point.dataIndex]; } } }
    ]
  });
  draw("chart-co2", {
    color: [brown, leaf, blue], legend: legend(["直接排放", "间接排放", narrow ? "综合能耗" : "综合能耗（当量值，右轴）"]),
    grid: { left: 66, right: 60, top: narrow ? 76 : 62, bottom: 34 },
    tooltip: { trigger: "axis", confine: true, axisPointer: { type: "shadow" },
      formatter: tip({ "直接排放": "t CO₂", "间接排放": "t CO₂", "综合能耗": "tce", "综合能耗（当量值，右轴）": "tce" }) },
    xAxis: axis({ type: "category", data: data.months.months, splitLine: { show: false } }),
    yAxis: [axis({ type: "value", name: "t CO₂" }), axis({ type: "value", name: "tce", min: 0, splitLine: { show: false } })],
    series: [
      { name: "直接排放", type: "bar", stack: "co2", barMaxWidth: 26, data: data.months.direct },
      { name: "间接排放", type: "bar", stack: "co2", barMaxWidth: 26, data: data.months.indirect },
      { name: narrow ? "综合能耗" : "综合能耗（当量值，右轴）", type: "line", yAxisIndex: 1, symbolSize: 5, data: data.months.coal }
    ]
  });
  window.addEventListener("resize", function () { drawn.forEach(function (chart) { chart.resize(); }); });
  // Tables of figures are printed; the lists of companies only where the reader opened them.
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details.figures").forEach(function (box) { box.open = true; });
  });
})();
