// Draws every [data-chart] from the JSON block it names. The library is fetched only on pages that have a chart.
(() => {
  "use strict";

  const library = document.currentScript.dataset.echarts;
  const INK = ["#14505c", "#c08a3e", "#5f9ea0", "#8c5a4a", "#7d8f69", "#4f6d9a", "#b9a76a", "#93a5a8"];
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches || new URLSearchParams(location.search).has("print");
  const family = getComputedStyle(document.body).fontFamily;

  // Whole numbers are divided for display only: fen, thousandths or plain counts.
  const inWan = () => document.documentElement.dataset.unit === "wan";
  const shown = (kind, value) => {
    if (kind === "money") return value / (inWan() ? 1e6 : 100);
    return kind === "quantity" ? value / 1000 : value;
  };
  const text = (kind, value, unit) => {
    const digits = kind === "money" ? 2 : 0;
    const most = kind === "money" && inWan() ? 6 : digits + (kind === "quantity" ? 3 : 0);
    const figure = shown(kind, value).toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: most });
    return unit ? `${figure} ${unit}` : figure;
  };
  const short = (kind, value) => shown(kind, value).toLocaleString("en", { maximumFractionDigits: 2 });

  const escape = (value) => {
    const holder = document.createElement("span");
    holder.textContent = value;
    return holder.innerHTML;
  };

  const axes = (spec, across) => {
    const names = {
      type: "category", data: spec.labels, inverse: across, axisTick: { show: false },
      axisLine: { lineStyle: { color: "#cdd5d4" } },
      axisLabel: { color: "#43545a", fontSize: 12, width: across ? 132 : undefined, overflow: "truncate", hideOverlap: true },
    };
    const figures = {
      type: "value", splitNumber: 4, splitLine: { lineStyle: { color: "#edf0ee" } },
      axisLabel: { color: "#5b696d", fontSize: 11, hideOverlap: true, formatter: (value) => short(spec.valueKind, value) },
    };
    return across ? { xAxis: figures, yAxis: names } : { xAxis: names, yAxis: figures };
  };

  const options = (spec, wide) => {
    const many = spec.series.length > 1;
    const base = {
      animation: !still, animationDuration: 400, color: INK, textStyle: { fontFamily: family }, aria: { enabled: false },
      tooltip: { confine: true, textStyle: { fontSize: 13, color: "#1d2a2e" }, borderColor: "#cdd5d4" },
    };
    if (spec.kind === "pie") {
      const data = spec.labels.map((name, at) => ({ name, value: spec.series[0].values[at] }));
      const label = ({ name, value, percent }) => `${escape(name)}<br><b>${text(spec.valueKind, value, spec.unit)}</b> ${percent}%`;
      const whole = data.reduce((sum, { value }) => sum + value, 0);
      const share = (name) => `${name}  ${(100 * data.find((part) => part.name === name).value / (whole || 1)).toFixed(1)}%`;
      const place = wide ? { orient: "vertical", left: "56%", top: "middle" } : { left: "center", bottom: 0 };
      return {
        ...base, tooltip: { ...base.tooltip, trigger: "item", formatter: label },
        legend: { type: data.length > 8 ? "scroll" : "plain", ...place, icon: "circle", itemWidth: 9, itemGap: wide ? 12 : 8, formatter: share, textStyle: { color: "#43545a", fontSize: 13 } },
        series: [{ type: "pie", radius: wide ? ["48%", "78%"] : ["40%", "66%"], center: wide ? ["28%", "50%"] : ["50%", "42%"], data, label: { show: false }, itemStyle: { borderColor: "#fff", borderWidth: 2 } }],
      };
    }
    if (spec.kind === "treemap") {
      const data = spec.labels.map((name, at) => ({ name, value: spec.series[0].values[at] }));
      const label = ({ name, value }) => `${escape(name)}<br><b>${text(spec.valueKind, value, spec.unit)}</b>`;
      return { ...base, tooltip: { ...base.tooltip, formatter: label }, series: [{ type: "treemap", data, roam: false, nodeClick: false, breadcrumb: { show: false }, width: "100%", height: "100%", label: { fontSize: 12 }, itemStyle: { gapWidth: 2, borderColor: "#fff" } }] };
    }
    if (spec.kind === "flow") {
      const names = Object.fromEntries(spec.nodes.map(({ name, label }) => [name, label]));
      const title = ({ dataType, data, name }) => escape(dataType === "edge" ? `${names[data.source]} → ${names[data.target]}` : names[name]);
      const label = (point) => `${title(point)}<br><b>${text(spec.valueKind, point.value, spec.unit)}</b>`;
      return {
        ...base, tooltip: { ...base.tooltip, trigger: "item", formatter: label },
        series: [{
          type: "sankey", data: spec.nodes.map((node, at) => ({ ...node, itemStyle: { color: INK[at % INK.length] } })), links: spec.links, nodeAlign: "justify", left: 4, right: 110, top: 10, bottom: 10,
          nodeWidth: 14, nodeGap: 12, draggable: false, cursor: "pointer", emphasis: { focus: "adjacency" },
          lineStyle: { color: "source", opacity: .3, curveness: .5 },
          label: { color: "#1d2a2e", fontSize: 12.5, formatter: ({ name }) => names[name] },
        }],
      };
    }
    const across = spec.kind === "across";
    const line = spec.kind === "line";
    const rows = (points) => `${escape(points[0].axisValueLabel)}<br>` + points
      .map((point) => `${many ? `<i class="mc-dot mc-dot-${point.seriesIndex % INK.length}"></i>${escape(point.seriesName)} ` : ""}<b>${text(spec.valueKind, point.value, spec.unit)}</b>`).join("<br>");
    return {
      ...base, ...axes(spec, across),
      grid: { left: 4, right: across ? 24 : 8, top: many ? 34 : 12, bottom: 4, containLabel: true },
      legend: many ? { top: 0, left: 0, icon: "circle", itemWidth: 9, textStyle: { color: "#43545a" } } : undefined,
      tooltip: { ...base.tooltip, trigger: "axis", axisPointer: { type: line ? "line" : "shadow" }, formatter: rows },
      series: spec.series.map(({ name, values }) => ({
        name, data: values, type: line ? "line" : "bar", stack: spec.kind === "stacked" ? "all" : undefined,
        barMaxWidth: 34, symbolSize: 6, cursor: spec.urls.length ? "pointer" : "default",
        itemStyle: line || spec.kind === "stacked" ? {} : { borderRadius: across ? [0, 3, 3, 0] : [3, 3, 0, 0] },
      })),
    };
  };

  const draw = (place) => {
    if (place.dataset.drawn) return;
    place.dataset.drawn = "1";
    const spec = JSON.parse(document.getElementById(place.dataset.chart).textContent);
    const chart = window.echarts.init(place, null, { renderer: "svg" });
    chart.setOption(options(spec, place.clientWidth >= 440));
    chart.on("click", ({ data, dataIndex }) => {
      const to = (data && data.url) || spec.urls[dataIndex];
      if (to) location.assign(to);
    });
    new ResizeObserver(() => chart.resize()).observe(place);
  };

  let loading = null;
  const load = () => loading || (loading = new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = library;
    script.onload = done;
    script.onerror = failed;
    document.head.append(script);
  }));

  window.mingchanCharts = (root = document) => {
    const found = Array.from(root.querySelectorAll("[data-chart]:not([data-drawn])"));
    const places = found.filter((place) => !place.closest(".mc-flow") || place.clientWidth);
    if (places.length) load().then(() => places.forEach(draw), () => {});
  };
  window.mingchanCharts();
})();
