'use strict';
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const place = document.getElementById('plot');
  const DASHES = {
    'sync': [], 'threads': [10, 4], 'thread-pool': [2, 3], 'virtual-threads': [], 'event-loop': [10, 3, 2, 3], 'process-pool': [5, 3],
    'cluster': [14, 3],
  };
  const WIDE = 720;
  const color = name => getComputedStyle(document.documentElement).getPropertyValue('--' + name) && resolve(`var(--${name})`);
  const probe = document.createElement('i');
  document.body.append(probe);
  function resolve(text) {
    probe.style.color = text;
    return getComputedStyle(probe).color;
  }

  // --- text

  const digits = value => String(Number(value.toPrecision(3)));
  function time(ns) {
    const [unit, size] = ns >= 999.5e6 ? ['s', 1e9] : ns >= 999.5e3 ? ['ms', 1e6] : ns >= 999.5 ? ['µs', 1e3] : ['ns', 1];
    return digits(ns / size) + ' ' + unit;
  }
  const value = v => data.kind === 'TEXT' ? data.texts[v] ?? '' : data.kind === 'NUMBER' ? v.toLocaleString('en') : time(v);
  const name = data.kind === 'TIME_OF_A_JOB' ? `${data.name} (of a job)` : data.name;

  // --- the curves

  const walls = data.models.flatMap(model => model.medians).filter(each => each !== null);
  const far = Math.max(...walls) > 20 * Math.min(...walls);
  const all = (u, splits) => splits;
  /** Along a logarithmic axis: powers of ten, with 2 and 5 between them if there are few. */
  function decades(u, axis, low, high) {
    const steps = high / low < 150 ? [1, 2, 5] : [1], all = [];
    for (let power = 10 ** Math.floor(Math.log10(low)); power <= high; power *= 10) all.push(...steps.map(step => step * power));
    return all.filter(each => each >= low && each <= high);
  }
  const labels = (u, splits) => splits.map(value);

  function spreads(u) {
    const g = u.ctx;
    g.save();
    g.lineWidth = 1.5 * devicePixelRatio;
    data.models.forEach((model, k) => {
      if (!u.series[k + 1].show) return;
      g.strokeStyle = color(model.id);
      g.beginPath();
      data.values.forEach((at, i) => {
        if (model.lows[i] === null) return;
        const x = u.valToPos(at, 'x', true);
        g.moveTo(x, u.valToPos(model.lows[i], 'y', true));
        g.lineTo(x, u.valToPos(model.highs[i], 'y', true));
      });
      g.stroke();
    });
    g.restore();
  }
  function crossovers(u) {
    const g = u.ctx, d = devicePixelRatio, {left, top, width, height} = u.bbox;
    const ends = [];
    g.save();
    g.font = `600 ${12 * d}px system-ui, "DejaVu Sans", sans-serif`;
    g.lineWidth = d;
    g.textAlign = 'left';
    g.setLineDash([3 * d, 3 * d]);
    for (const cross of [...data.crossovers].sort((one, other) => one.at - other.at)) {
      const x = u.valToPos(cross.at, 'x', true);
      const pays = title(cross.after) + (cross.before === 'sync' ? ': from ' : ' ahead of ' + title(cross.before) + ': from ') + cross.text;
      const wide = g.measureText(pays).width;
      const begin = Math.max(left, x + 6 * d + wide > left + width ? x - 6 * d - wide : x + 6 * d);
      let row = ends.findIndex(end => end < Math.min(begin, x) - 8 * d);
      if (row < 0) row = ends.push(0) - 1;
      ends[row] = Math.max(x, begin + wide);
      const y = top - (u.rows - row) * 17 * d + 12 * d;
      g.strokeStyle = g.fillStyle = color('dim');
      const low = u.valToPos(cross.low, 'x', true);
      g.globalAlpha = .15;
      g.fillRect(low, top, u.valToPos(cross.high, 'x', true) - low, height);
      g.globalAlpha = 1;
      g.beginPath();
      g.moveTo(x, y - 10 * d);
      g.lineTo(x, top + height);
      g.stroke();
      g.fillStyle = color('fg');
      g.fillText(pays, begin, y);
    }
    g.restore();
  }
  const title = id => data.models.find(model => model.id === id).title;
  /** The names at the ends of the curves, moved apart. */
  function names(u) {
    if (u.width < WIDE) return;
    const g = u.ctx, d = devicePixelRatio, right = u.bbox.left + u.bbox.width + 8 * d;
    const ends = data.models
      .map((model, k) => ({model, y: u.series[k + 1].show ? u.valToPos(model.medians.findLast(each => each !== null), 'y', true) : null}))
      .filter(each => each.y !== null).sort((one, other) => one.y - other.y);
    g.save();
    g.font = `600 ${13 * d}px system-ui, "DejaVu Sans", sans-serif`;
    g.textAlign = 'left';
    g.textBaseline = 'middle';
    let next = -Infinity;
    for (const {model, y} of ends) {
      const at = Math.max(y, next);
      next = at + 16 * d;
      g.fillStyle = color(model.id);
      g.fillText(model.title, right, at);
    }
    g.restore();
  }

  function options(width) {
    const axis = {stroke: () => color('dim'), grid: {stroke: () => color('grid'), width: 1}, ticks: {show: false}, gap: 8, font: '12px system-ui, "DejaVu Sans", sans-serif'};
    const rows = Math.min(6, data.crossovers.length);
    return {
      width, height: 440 + 17 * rows, padding: [8 + 17 * rows, width < WIDE ? 24 : 180, 0, 0],
      scales: {x: {time: false, distr: data.logarithmic ? 3 : 1}, y: {distr: far ? 3 : 1, range: (u, low, high) => far ? [low * .8, high * 1.3] : [0, high * 1.06]}},
      axes: [
        {...axis, label: name, labelFont: axis.font, labelSize: 20, size: 34, splits: data.logarithmic ? decades : () => data.values, filter: all, values: labels},
        {...axis, size: 62, splits: far ? decades : undefined, filter: all, values: (u, splits) => splits.map(each => each === 0 ? '0' : time(each))},
      ],
      series: [
        {label: data.name},
        ...data.models.map(model => ({
          label: model.title, stroke: () => color(model.id), width: 2, dash: DASHES[model.id], spanGaps: false,
          points: {show: true, size: 7, fill: () => color(model.id)}, 
        })),
      ],
      cursor: {show: false},
      legend: {live: false},
      hooks: {draw: [spreads, crossovers, names]},
    };
  }

  let plot = null;
  function draw() {
    const width = Math.floor(place.clientWidth);
    if (plot && plot.width === width) return;
    plot?.destroy();
    const chosen = options(width);
    plot = new uPlot(chosen, [data.values, ...data.models.map(model => model.medians)]);
    plot.rows = Math.min(6, data.crossovers.length);
    place.replaceChildren(plot.root);
  }
  draw();
  plot.redraw(false);
  new ResizeObserver(() => requestAnimationFrame(draw)).observe(place);
  for (const query of ['(prefers-color-scheme: dark)', 'print']) {
    matchMedia(query).addEventListener('change', () => plot.redraw(false));
  }
  document.documentElement.dataset.ready = 'true';
})();
