// Reads values off the charts: a pointer over a chart, or the slider below it, shows the nearest update's values.
// Without it the page loses nothing but that.
(() => {
  "use strict";
  const svgSpace = "http://www.w3.org/2000/svg";
  const number = (value, digits) => value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });

  function nearest(values, wanted) {
    let low = 0, high = values.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (values[middle] <= wanted) low = middle; else high = middle;
    }
    return Math.abs(values[low] - wanted) <= Math.abs(values[high] - wanted) ? low : high;
  }

  for (const figure of document.querySelectorAll("figure[data-chart]")) {
    const data = JSON.parse(document.getElementById(figure.dataset.chart).textContent);
    const tip = figure.querySelector(".tip");
    const slider = figure.querySelector("input[type=range]");
    const steps = [...new Set(data.series.flatMap(series => series.x))].sort((a, b) => a - b);
    if (slider) slider.max = String(steps.length - 1);

    // A run says nothing of the updates after its end.
    const at = (series, step) => {
      const i = nearest(series.x, step);
      return step > series.x[series.x.length - 1] ? -1 : i;
    };

    const describe = step => {
      const lines = [`update ${number(step, 0)}`];
      for (const series of data.series) {
        const i = at(series, step);
        if (i < 0) continue;
        let line = series.name + "  " + (data.share ? number(series.y[i] * 100, 1) + "%" : number(series.y[i], data.decimals ?? 2));
        if (series.loss && series.loss[i] !== null) line += `   loss ${number(series.loss[i], (data.decimals ?? 2) - 1)}`;
        if (series.epoch) line += `   epoch ${series.epoch[i]}`;
        lines.push(line);
      }
      return lines.join("\n");
    };

    const show = (svg, step) => {
      const [left, right, top, bottom] = svg.dataset.plot.split(" ").map(Number);
      const place = (text, from, to, value) => {
        const [low, high, logarithmic] = text.split(" ").map(Number);
        const share = logarithmic ? Math.log(Math.max(value, low) / low) / Math.log(high / low) : (value - low) / (high - low);
        return from + share * (to - from);
      };
      const x = place(svg.dataset.x, left, right, step);
      svg.querySelector(".reading")?.remove();
      const group = document.createElementNS(svgSpace, "g");
      group.setAttribute("class", "reading");
      const draw = (kind, attributes) => {
        const element = document.createElementNS(svgSpace, kind);
        for (const name in attributes) element.setAttribute(name, attributes[name]);
        group.append(element);
      };
      draw("line", { class: "cross", x1: x, x2: x, y1: top, y2: bottom });
      data.series.forEach((series, index) => {
        const i = at(series, step);
        if (i >= 0) draw("circle", { class: "dot f" + (index % 6 + 1), r: 4, cx: x, cy: place(svg.dataset.y, bottom, top, series.y[i]) });
      });
      svg.append(group);
      tip.textContent = describe(step);
      tip.hidden = false;
      const box = svg.getBoundingClientRect(), outer = figure.getBoundingClientRect();
      const scale = box.width / svg.viewBox.baseVal.width;
      const wanted = box.left - outer.left + x * scale;
      const side = wanted + 14 + tip.offsetWidth > outer.width ? wanted - 14 - tip.offsetWidth : wanted + 14;
      tip.style.left = Math.max(0, side) + "px";
      tip.style.top = box.top - outer.top + (top + 18) * scale + "px";
    };

    const hide = () => {
      tip.hidden = true;
      for (const reading of figure.querySelectorAll(".reading")) reading.remove();
    };

    for (const svg of figure.querySelectorAll("svg.chart")) {
      svg.addEventListener("pointermove", event => {
        const [left, right] = svg.dataset.plot.split(" ").map(Number);
        const [low, high, logarithmic] = svg.dataset.x.split(" ").map(Number);
        const box = svg.getBoundingClientRect();
        const share = Math.min(1, Math.max(0, ((event.clientX - box.left) / box.width * svg.viewBox.baseVal.width - left) / (right - left)));
        const wanted = logarithmic ? low * Math.pow(high / low, share) : low + share * (high - low);
        const index = nearest(steps, wanted);
        if (slider) slider.value = String(index);
        show(svg, steps[index]);
      });
      svg.addEventListener("pointerleave", hide);
    }
    if (slider) {
      const read = () => {
        const svg = [...figure.querySelectorAll("svg.chart")].find(candidate => candidate.getBoundingClientRect().width > 0);
        slider.setAttribute("aria-valuetext", describe(steps[slider.value]));
        if (svg) show(svg, steps[slider.value]);
      };
      slider.addEventListener("input", read);
      slider.addEventListener("focus", read);
      slider.addEventListener("blur", hide);
    }
    for (const box of figure.querySelectorAll("input[type=checkbox]")) box.addEventListener("change", hide);
  }
})();
