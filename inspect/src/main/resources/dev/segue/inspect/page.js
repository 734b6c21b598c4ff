'use strict';
(async () => {
  const byId = id => document.getElementById(id);
  const RUNNING = 2, READY = 1, WAITING = 0;
  const STATES = ['waits', 'could run', 'runs'];
  const MOST_LABELS = 190, RULER = 22, TAG = 16, HEIGHTS = [2, 8, 14];

  // --- the data: what Page.java wrote

  async function read(text) {
    const packed = Uint8Array.from(atob(text.trim()), c => c.charCodeAt(0));
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
    const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
    const length = new DataView(bytes.buffer).getUint32(0, true);
    const data = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
    let at = 4 + length;
    const number = () => {
      let value = 0, factor = 1, byte;
      do {
        byte = bytes[at++];
        value += (byte & 127) * factor;
        factor *= 128;
      } while (byte > 127);
      return value;
    };
    const n = data.spans;
    const column = (Kind, next) => { const a = new Kind(n); for (let i = 0; i < n; i++) a[i] = next(i, a); return a; };
    const starts = new Set(data.first);
    const gap = column(Float64Array, number), spent = column(Float64Array, number);
    data.from = new Float64Array(n);
    data.to = new Float64Array(n);
    for (let i = 0, end = 0; i < n; i++) {
      if (starts.has(i)) end = 0;
      data.from[i] = end + gap[i];
      end = data.to[i] = data.from[i] + spent[i];
    }
    data.state = column(Uint8Array, number);
    data.kind = column(Uint32Array, number);
    data.number = column(Float64Array, number);
    data.wake = column(Uint8Array, number);
    data.waker = column(Float64Array, number);
    return data;
  }

  const data = await read(byId('data').textContent);
  const lanes = data.lanes, whole = Math.max(1, data.length);
  const marksOf = lanes.map(() => []);
  for (const mark of data.marks) marksOf[mark[0]].push(mark);
  const updates = data.updates.filter(update => update.write.lane >= 0);
  const notes = data.notes ?? []; // of steps: what was done to tasks, each a lane, a time and a text
  const [LANE, TICK] = data.step ? [40, 14] : [20, 16]; // a step's text is above its bar

  // --- text

  // What counts: time in nanoseconds, or steps, each of which is data.step long.
  const times = {
    length(ns) {
      const [unit, size] = ns >= 1e9 ? ['s', 1e9] : ns >= 1e6 ? ['ms', 1e6] : ns >= 1e3 ? ['µs', 1e3] : ['ns', 1];
      const value = ns / size;
      return (value >= 100 || size === 1 ? Math.round(value) : value >= 10 ? value.toFixed(1) : value.toFixed(2)) + ' ' + unit;
    },
    between: (from, to) => `from ${times.at(from, (to - from) / 100)} to ${times.at(to, (to - from) / 100)}`,
    tick: (t, step) => t === 0 ? '0' : times.at(t, step),
    at(t, step) {
      const [unit, size] = t >= 1e9 ? ['s', 1e9] : t >= 1e6 ? ['ms', 1e6] : ['µs', 1e3];
      const digits = Math.ceil(Math.log10(size / Math.max(1, step)) - 1e-9);
      return (t / size).toFixed(Math.max(0, digits)) + ' ' + unit;
    },
    said: text => `“${text}”`,
    room: 95, // of a tick, in pixels
    least: 0, // between two of them
    origin: 0,
  };
  const steps = {
    length: t => t === data.step ? '1 step' : count(t / data.step) + ' steps',
    between: (from, to) => to - from > data.step ? `steps ${from / data.step + 1} to ${to / data.step}` : `step ${to / data.step}`,
    tick: t => String(t / data.step + 1),
    said: text => text,
    room: 24,
    least: data.step,
    origin: -data.step, // so that the fifth of several is step 5
  };
  const unit = data.step ? steps : times;
  const count = n => n.toLocaleString('en');
  function element(name, text, parent) {
    const e = document.createElement(name);
    if (text !== undefined) e.textContent = text;
    parent?.append(e);
    return e;
  }
  const laneOfTask = new Map(); // by loop and task id
  lanes.forEach((lane, i) => { if (lane.task) laneOfTask.set(lane.loop + ':' + lane.task[0], i); });
  const nameOf = (loop, id) => {
    const lane = laneOfTask.get(loop + ':' + id);
    return lane === undefined ? 'task ' + id : lanes[lane].name;
  };
  const titleOf = lane => (lanes[lane].kind === 'LOOP' && !data.order.includes(lanes[lane].name) ? 'loop ' : '') + lanes[lane].name;
  function describe(i, lane) {
    const said = [...marksOf[lane], ...notes.filter(note => note[0] === lane)]
      .filter(mark => mark[1] >= data.from[i] && mark[1] <= data.to[i])
      .map(mark => '\n' + unit.said(mark[2]) + (mark[3] ? '\nthen waits ' + mark[3] : ''));
    let text = `${titleOf(lane)} ${STATES[data.state[i]]} for ${unit.length(data.to[i] - data.from[i])}`;
    if (data.kind[i]) text += ` (${data.kinds[data.kind[i]]}${data.number[i] ? ' ' + data.number[i] : ''})`;
    text += '\n' + unit.between(data.from[i], data.to[i]);
    if (data.wake[i]) text += `\n${data.wakes[data.wake[i]]}${data.waker[i] ? ': ' + nameOf(lanes[lane].loop, data.waker[i]) : ''}`;
    for (const update of updates) {
      const here = access => access.lane === lane && access.at >= data.from[i] && access.at <= data.to[i];
      if (here(update.read)) text += `\nread ${update.field} (${update.read.where}) before ${update.overwritten.who} wrote it`;
      if (here(update.overwritten)) text += `\nwrote ${update.field} (${update.overwritten.where}): lost`;
      if (here(update.write)) text += `\noverwrote the update of ${update.field} by ${update.overwritten.who} (${update.write.where})`;
    }
    return text + said.join('');
  }

  // --- the view

  const canvas = byId('timeline'), overview = byId('overview'), tip = byId('tip'), detail = byId('detail');
  const g = canvas.getContext('2d', {alpha: false});
  const view = {from: 0, to: whole, top: 0};
  let LABELS = MOST_LABELS, width = 0, height = 0, scale = 1, colors = {}, asked = false, picked = -1, pickedSpan = -1;

  function readColors() {
    const probe = element('i', '', document.body);
    for (const name of ['bg', 'panel', 'fg', 'dim', 'grid', 'running', 'ready', 'waiting', 'stall', 'pick']) {
      probe.style.color = `var(--${name})`;
      colors[name] = getComputedStyle(probe).color;
    }
    probe.remove();
  }
  function resize() {
    scale = devicePixelRatio || 1;
    const box = canvas.parentElement.getBoundingClientRect();
    width = Math.floor(box.width);
    height = Math.floor(box.height);
    LABELS = Math.min(MOST_LABELS, Math.round(width * .3));
    canvas.width = width * scale;
    canvas.height = height * scale;
    g.setTransform(scale, 0, 0, scale, 0, 0);
    move(0);
    if (picked >= 0) reveal(picked);
    drawOverview();
  }
  const x = t => LABELS + (t - view.from) * (width - LABELS) / (view.to - view.from);
  const timeAt = px => view.from + (px - LABELS) * (view.to - view.from) / (width - LABELS);
  const y = lane => RULER + lane * LANE - view.top;
  const laneAt = py => Math.floor((py - RULER + view.top) / LANE);

  function show(from, to) {
    const span = Math.min(whole, Math.max(100, to - from));
    view.from = Math.max(0, Math.min(whole - span, from));
    view.to = view.from + span;
    ask();
  }
  function move(px) {
    const by = px * (view.to - view.from) / Math.max(1, width - LABELS);
    show(view.from + by, view.to + by);
  }
  function zoom(factor, px) {
    const at = timeAt(Math.max(LABELS, px));
    show(at - (at - view.from) * factor, at + (view.to - at) * factor);
  }
  function scroll(by) {
    view.top = Math.max(0, Math.min(Math.max(0, lanes.length * LANE - height + RULER + LANE), view.top + by));
    ask();
  }
  function reveal(lane) {
    if (y(lane) < RULER) view.top = lane * LANE;
    else if (y(lane) > height - 2 * LANE) view.top = lane * LANE - height + RULER + 3 * LANE;
    view.top = Math.max(0, view.top);
    ask();
  }
  function ask() {
    if (!asked) {
      asked = true;
      requestAnimationFrame(draw);
    }
  }
  /** The first span of a lane that ends after a time. */
  function find(lane, t) {
    let low = data.first[lane], high = data.first[lane + 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (data.to[middle] <= t) low = middle + 1; else high = middle;
    }
    return low;
  }

  function draw() {
    asked = false;
    g.fillStyle = colors.bg;
    g.fillRect(0, 0, width, height);
    const first = Math.max(0, laneAt(RULER)), last = Math.min(lanes.length, laneAt(height) + 1);
    if (picked >= 0) {
      g.fillStyle = colors.pick;
      g.fillRect(0, y(picked), width, LANE);
    }
    const texts = drawGrid();
    const boxes = [[], [], []], frames = [];
    for (let lane = first; lane < last; lane++) collect(lane, boxes, frames);
    for (const state of [WAITING, READY, RUNNING]) {
      g.fillStyle = [colors.waiting, colors.ready, colors.running][state];
      const list = boxes[state], h = HEIGHTS[state];
      for (let k = 0; k < list.length; k += 3) g.fillRect(list[k], list[k + 2] + LANE - 3 - h, list[k + 1] - list[k], h);
    }
    g.strokeStyle = colors.stall;
    g.lineWidth = 1.5;
    for (const [left, right, top, text] of frames) {
      g.strokeRect(left, top + LANE - 4 - HEIGHTS[RUNNING], right - left, HEIGHTS[RUNNING] + 2);
      if (right - left > 70) {
        g.fillStyle = colors.bg;
        g.font = '600 11px system-ui';
        g.fillText(text, left + 6, top + LANE - 6);
      }
    }
    drawMarks(first, last, frames);
    drawUpdates();
    if (data.step) drawNotes();
    if (pickedSpan >= 0) drawArrow();
    drawLabels(first, last);
    drawRuler(texts);
  }
  /** The lines of the ruler, of which it returns the texts: they are above all else. */
  function drawGrid() {
    const texts = [];
    const least = Math.max(unit.least, unit.room * (view.to - view.from) / (width - LABELS));
    let step = 10 ** Math.floor(Math.log10(least));
    step *= [1, 2, 5, 10].find(k => k * step >= least);
    g.strokeStyle = colors.grid;
    g.lineWidth = 1;
    g.beginPath();
    const first = step === unit.least ? 0 : unit.origin;
    for (let t = Math.ceil((view.from - first) / step) * step + first; t <= view.to; t += step) {
      const at = Math.round(x(t)) + .5;
      g.moveTo(at, 0);
      g.lineTo(at, height);
      texts.push([unit.tick(t, step), at + 4]);
    }
    g.stroke();
    return texts;
  }
  function drawRuler(texts) {
    g.fillStyle = colors.bg;
    g.fillRect(0, 0, width, RULER);
    g.fillStyle = colors.dim;
    g.font = '11px system-ui';
    for (const [text, at] of texts) g.fillText(text, at, 15);
  }
  /** One run of spans that share a pixel becomes one box for each state. */
  function collect(lane, boxes, frames) {
    const top = y(lane), end = data.first[lane + 1];
    const from = [-9, -9, -9], to = [-9, -9, -9];
    const flush = state => { if (to[state] > 0) boxes[state].push(from[state], to[state], top); };
    for (let i = find(lane, view.from); i < end && data.from[i] < view.to; i++) {
      const state = data.state[i];
      const left = Math.max(LABELS, x(data.from[i]));
      const right = Math.min(width, Math.max(left + 1, x(data.to[i])));
      if (left <= to[state] + .25) {
        to[state] = Math.max(to[state], right);
      } else {
        flush(state);
        from[state] = left;
        to[state] = right;
      }
      if (state === RUNNING && lanes[lane].kind === 'TASK' && data.to[i] - data.from[i] >= data.held) {
        frames.push([left, right, top, 'holds the loop for ' + unit.length(data.to[i] - data.from[i])]);
      }
    }
    for (const state of [WAITING, READY, RUNNING]) flush(state);
  }
  /** What programs said of themselves, as far as there is room for it. */
  function drawMarks(first, last, frames) {
    g.font = '11px system-ui';
    for (let lane = first; lane < last; lane++) {
      const marks = marksOf[lane];
      for (let k = 0; k < marks.length; k++) {
        const left = x(marks[k][1]), room = (k + 1 < marks.length ? x(marks[k + 1][1]) : width) - left;
        if (left < LABELS || left > width) continue;
        g.fillStyle = data.step ? colors.bg : colors.fg; // steps are apart
        g.fillRect(left - .5, y(lane) + LANE - 3 - TICK, 1.5, TICK);
        const framed = frames.some(([from, to, top]) => top === y(lane) && left >= from - 2 && left < to - 2);
        if (room < 24 || framed) continue;
        g.save();
        g.beginPath();
        g.rect(left, y(lane), room - 4, LANE);
        g.clip();
        if (data.step) drawOutlined(shorten(marks[k][2], Math.min(room, roomBeforeNote(lane, marks[k][1])) - 8), left + 4, y(lane) + 15);
        else drawOutlined(marks[k][2], left + 4, y(lane) + 12);
        g.restore();
      }
    }
  }
  /** How far it is to the next line down from a note that crosses a lane. */
  function roomBeforeNote(lane, at) {
    const note = notes.find(each => each[0] >= lane && each[1] > at);
    return note ? x(note[1]) - x(at) : Infinity;
  }
  /** What fits: the place and what is called there, the place, or its line alone. */
  function shorten(text, room) {
    const place = /^\S+:\d+/.exec(text)?.[0];
    if (!place) return fit(text, room);
    return [text, place].find(each => g.measureText(each).width <= room) ?? place.replace(/.*:/, ':');
  }
  /** A line where something was done to a task, down to it, with the words above; last, what went wrong. */
  function drawNotes() {
    const tags = [];
    for (const [lane, at, text] of notes) {
      const last = tags.at(-1);
      if (last?.at === at) Object.assign(last, {text: last.text + '; ' + text, lane: Math.max(last.lane, lane)});
      else tags.push({lane, at, text, color: colors.ready});
    }
    tags.push({lane: lanes.length - 1, at: whole, text: data.findings[0].title, color: colors.stall});
    let from = LABELS;
    tags.forEach(({lane, at, text, color}, k) => {
      const left = Math.min(x(at), width - 2);
      if (left < LABELS - 1 || x(at) > width + 1) return;
      g.fillStyle = color;
      g.fillRect(left - .5, y(0) + LANE - TAG - 3, 2, lane * LANE + TAG);
      g.font = '600 11px system-ui';
      const next = k + 1 < tags.length ? x(tags[k + 1].at) : width;
      const shown = fit(text, (at < whole ? next - left : width - from) - 14);
      if (shown.length > 4) drawTag(left, y(0) + LANE - TAG - 4, shown, color);
      from = left + g.measureText(shown).width + 14;
    });
  }
  /** A text that can be read on a bar and beside it. */
  function drawOutlined(text, left, base) {
    g.save();
    g.strokeStyle = colors.bg;
    g.fillStyle = colors.fg;
    g.lineJoin = 'round';
    g.lineWidth = 3;
    g.strokeText(text, left, base);
    g.fillText(text, left, base);
    g.restore();
  }
  /** Framed from the reading of the old value to the writing, with a line from the writing that is lost. */
  function drawUpdates() {
    g.lineWidth = 1.5;
    for (const {field, read, overwritten, write} of updates) {
      if (write.at < view.from || read.at > view.to) continue;
      const left = Math.max(LABELS, x(read.at)), right = Math.max(left + 3, x(write.at)), top = y(write.lane);
      g.strokeStyle = colors.stall;
      g.strokeRect(left, top + 1, right - left, LANE - 4);
      if (overwritten.lane >= 0) {
        g.beginPath();
        g.moveTo(x(overwritten.at), y(overwritten.lane) + LANE / 2);
        g.lineTo(right, top + LANE / 2);
        g.stroke();
        drawTag(x(overwritten.at), y(overwritten.lane), `wrote ${field}: lost`);
      }
      const end = Math.min(right, drawTag(right, top, `wrote ${field} from the old value`));
      const text = `read ${field}`;
      if (g.measureText(text).width + 12 < end - left) drawOutlined(text, left + 6, top + 13);
    }
  }
  /** A text at a time, on its right if there is room; returns where it begins. */
  function drawTag(at, top, text, color = colors.stall) {
    g.font = '600 11px system-ui';
    const wide = g.measureText(text).width + 10, left = at + wide > width ? Math.max(LABELS, at - wide) : at;
    if (at < LABELS || at > width) return width;
    g.fillStyle = color;
    g.fillRect(left, top + 1, wide, TAG);
    g.fillStyle = color === colors.ready ? 'black' : colors.bg; // orange is bright on any page
    g.fillText(text, left + 5, top + 13);
    return left;
  }
  /** From the task that woke this one to where this one could run. */
  function drawArrow() {
    const i = pickedSpan, from = laneOfTask.get(lanes[picked].loop + ':' + data.waker[i]);
    if (!data.waker[i] || from === undefined) return;
    const ready = i > data.first[picked] && data.state[i] === RUNNING && data.state[i - 1] === READY ? i - 1 : i;
    const at = x(data.from[ready]), y1 = y(from) + LANE / 2, y2 = y(picked) + (from < picked ? 3 : LANE - 3);
    if (at < LABELS || at > width) return;
    g.strokeStyle = g.fillStyle = colors.fg;
    g.lineWidth = 1.5;
    g.beginPath();
    g.moveTo(at, y1);
    g.bezierCurveTo(at - 24, y1, at - 24, y2, at - 1, y2);
    g.stroke();
    g.beginPath();
    g.moveTo(at, y2);
    g.lineTo(at - 7, y2 - 4);
    g.lineTo(at - 7, y2 + 4);
    g.fill();
  }
  /** Without its middle, where there is no room for all of a name: its end often tells it from others. */
  function fit(text, room) {
    let keep = text.length;
    const cut = () => text.slice(0, Math.ceil(keep / 2)) + '…' + text.slice(text.length - Math.floor(keep / 2));
    if (g.measureText(text).width <= room) return text;
    while (keep > 2 && g.measureText(cut()).width > room) keep--;
    return cut();
  }
  function drawLabels(first, last) {
    g.fillStyle = colors.bg;
    g.fillRect(0, RULER, LABELS - 6, height);
    for (let lane = first; lane < last; lane++) {
      if (lane === picked) {
        g.fillStyle = colors.pick;
        g.fillRect(0, y(lane), LABELS - 6, LANE);
      }
      const {depth} = lanes[lane];
      const heading = depth === 0;
      g.fillStyle = heading ? colors.dim : colors.fg;
      g.font = heading ? '600 12px system-ui' : '12px system-ui';
      const left = 12 + 12 * Math.min(6, depth);
      g.save();
      g.beginPath();
      g.rect(0, y(lane), lanes[lane].kind === 'GROUP' ? width : LABELS - 10, LANE);
      g.clip();
      const whole = lanes[lane].kind === 'GROUP';
      g.fillText(whole ? titleOf(lane) : fit(titleOf(lane), LABELS - 12 - left), left, y(lane) + LANE / 2 + 5);
      g.restore();
    }
  }
  function drawOverview() {
    const w = overview.width = overview.clientWidth * scale, h = overview.height = overview.clientHeight * scale;
    const o = overview.getContext('2d'), busy = new Float64Array(w), left = LABELS * scale, room = w - left;
    const loops = lanes.filter(lane => lane.kind === 'LOOP').length || 1;
    lanes.forEach((lane, k) => {
      if (lane.kind !== 'LOOP') return;
      for (let i = data.first[k]; i < data.first[k + 1]; i++) {
        const a = data.from[i] / whole * room, b = data.to[i] / whole * room;
        for (let p = Math.floor(a); p <= b && p < room; p++) busy[p] += Math.max(0, Math.min(b, p + 1) - Math.max(a, p));
      }
    });
    o.fillStyle = colors.panel;
    o.fillRect(left, 0, room, h);
    o.fillStyle = colors.running;
    for (let p = 0; p < room; p++) {
      const tall = Math.min(1, busy[p] / loops) * h;
      if (tall > 0) o.fillRect(left + p, h - Math.max(1, tall), 1, Math.max(1, tall));
    }
    o.fillStyle = colors.stall;
    for (const finding of data.findings) {
      const a = left + finding.from / whole * room, b = left + finding.to / whole * room;
      o.fillRect(a, 0, Math.max(3 * scale, b - a), 4 * scale);
    }
    o.fillStyle = colors.dim;
    o.font = `${11 * scale}px system-ui`;
    o.fillText(loops > 1 ? 'how busy the loops were' : 'how busy the loop was', 12 * scale, 24 * scale, left - 20 * scale);
  }

  // --- selection

  function pick(lane, span) {
    picked = lane;
    pickedSpan = span;
    detail.replaceChildren();
    if (lane >= 0) {
      const {task, name} = lanes[lane];
      if (span >= 0) {
        const [head, ...rest] = describe(span, lane).split('\n');
        element('b', head, detail);
        detail.append(' · ' + rest.join(' · '));
      } else if (task) {
        element('b', name, detail);
        detail.append(` ran ${count(task[6])} times for ${unit.length(task[7])}, was ready ${unit.length(task[8])}, waited ${unit.length(task[9])}`);
      } else {
        element('b', titleOf(lane), detail);
      }
      reveal(lane);
    }
    ask();
  }
  function spanAt(px, py) {
    const lane = laneAt(py);
    if (py < RULER || lane < 0 || lane >= lanes.length) return [-1, -1];
    if (px < LABELS) return [lane, -1];
    const slack = (view.to - view.from) / (width - LABELS), i = find(lane, timeAt(px) - slack);
    return i < data.first[lane + 1] && data.from[i] <= timeAt(px) + slack ? [lane, i] : [lane, -1];
  }
  function hover(px, py) {
    const [lane, span] = spanAt(px, py);
    if (span < 0) {
      tip.style.display = 'none';
      return;
    }
    tip.textContent = describe(span, lane);
    tip.style.display = 'block';
    tip.style.left = Math.max(4, Math.min(px + 14, width - tip.offsetWidth - 8)) + 'px';
    tip.style.top = (py + 24 + tip.offsetHeight > height ? Math.max(0, py - tip.offsetHeight - 10) : py + 18) + 'px';
  }

  canvas.addEventListener('wheel', e => {
    e.preventDefault();
    if (e.ctrlKey || e.metaKey) {
      zoom(Math.exp(e.deltaY / 250), e.offsetX);
    } else {
      move(e.shiftKey ? e.deltaY : e.deltaX);
      if (!e.shiftKey) scroll(e.deltaY);
    }
  }, {passive: false});
  let drag = null;
  canvas.addEventListener('pointerdown', e => {
    drag = {x: e.offsetX, y: e.offsetY, moved: false};
    canvas.setPointerCapture(e.pointerId);
  });
  canvas.addEventListener('pointermove', e => {
    if (!drag) {
      hover(e.offsetX, e.offsetY);
      return;
    }
    drag.moved ||= Math.abs(e.offsetX - drag.x) + Math.abs(e.offsetY - drag.y) > 4;
    if (drag.moved) {
      tip.style.display = 'none';
      move(drag.x - e.offsetX);
      scroll(drag.y - e.offsetY);
      drag.x = e.offsetX;
      drag.y = e.offsetY;
    }
  });
  canvas.addEventListener('pointerup', e => {
    if (drag && !drag.moved) pick(...spanAt(e.offsetX, e.offsetY));
    drag = null;
  });
  canvas.addEventListener('pointerleave', () => { tip.style.display = 'none'; });
  canvas.addEventListener('dblclick', e => {
    const [lane, i] = spanAt(e.offsetX, e.offsetY);
    if (i >= 0) showSpan(data.from[i], data.to[i]); else if (lane >= 0) showPart(lane);
  });
  function showSpan(from, to, around = .3) {
    const room = Math.max(50, (to - from) * around);
    show(from - room, to + room);
  }
  /** All that is below the same heading. */
  function showPart(lane) {
    let first = lane, end = lane + 1;
    while (first > 0 && lanes[first].depth) first--;
    while (end < lanes.length && lanes[end].depth) end++;
    let from = Infinity, to = 0;
    for (let k = first; k < end; k++) {
      if (data.first[k] === data.first[k + 1]) continue;
      from = Math.min(from, data.from[data.first[k]]);
      to = Math.max(to, data.to[data.first[k + 1] - 1]);
    }
    if (from < to) show(from - (to - from) * .05, to + (to - from) * .05);
  }
  canvas.addEventListener('keydown', e => {
    const done = {
      ArrowLeft: () => move(-80), ArrowRight: () => move(80),
      '+': () => zoom(1 / 1.4, (LABELS + width) / 2), '=': () => zoom(1 / 1.4, (LABELS + width) / 2),
      '-': () => zoom(1.4, (LABELS + width) / 2), '0': () => show(0, whole),
      ArrowUp: () => pick(Math.max(0, picked - 1), -1), ArrowDown: () => pick(Math.min(lanes.length - 1, picked + 1), -1),
      Enter: () => { if (picked >= 0) pick(picked, Math.min(find(picked, (view.from + view.to) / 2), data.first[picked + 1] - 1)); },
      '/': () => byId('search').focus(),
    }[e.key];
    if (done) {
      e.preventDefault();
      done();
    }
  });
  const choose = e => {
    const at = (e.offsetX - LABELS) / (overview.clientWidth - LABELS) * whole, half = (view.to - view.from) / 2;
    show(at - half, at + half);
  };
  overview.addEventListener('pointerdown', e => {
    overview.setPointerCapture(e.pointerId);
    if (view.to - view.from >= whole) show(0, whole / 5);
    choose(e);
  });
  overview.addEventListener('pointermove', e => { if (e.buttons) choose(e); });
  byId('search').addEventListener('input', e => {
    const text = e.target.value.toLowerCase();
    const lane = text ? lanes.findIndex(l => l.depth && l.name.toLowerCase().includes(text)) : -1;
    pick(lane, -1);
  });

  // --- findings, facts, table

  const tasks = lanes.filter(lane => lane.task);
  const spans = lanes.reduce((sum, lane, k) => sum + (lane.task ? data.first[k + 1] - data.first[k] : 0), 0);
  if (data.step) for (const fact of data.facts) element('span', fact, byId('facts'));
  else byId('facts').textContent = `${count(tasks.length)} tasks, ${count(spans)} spans, ${unit.length(whole)}, from ${data.began}` + (data.lost ? `; ${data.lost}` : '');
  for (const finding of data.findings) {
    const button = element('button', undefined, element('li', undefined, byId('findings')));
    element('b', finding.title, button);
    element('span', ' ' + finding.advice, button);
    button.addEventListener('click', () => {
      if (finding.graph) byId('graphs').open = true;
      showSpan(finding.from, finding.to, .6);
      const at = find(finding.lane, finding.update ? finding.to : (finding.from + finding.to) / 2);
      pick(finding.lane, at < data.first[finding.lane + 1] ? at : -1);
    });
  }
  if (!data.findings.length) element('li', 'Nothing stands out: no task held a loop for long, and none waited long for its turn.', byId('findings')).className = 'none';

  const columns = [['Task', 1], ['Ended', 4], ['Steps', 6], ['Ran', 7], ['Longest step', 10], ['Ready', 8], ['Waited', 9]];
  let order = 3, descending = true;
  function fillTable() {
    const head = byId('all').querySelector('thead'), body = byId('all').querySelector('tbody');
    const row = element('tr');
    columns.forEach(([title], k) => {
      const th = element('th', title + (k === order ? descending ? ' ↓' : ' ↑' : ''), row);
      th.addEventListener('click', () => {
        descending = k === order ? !descending : k > 1;
        order = k;
        fillTable();
      });
    });
    head.replaceChildren(row);
    const at = columns[order][1];
    const sorted = [...tasks].sort((a, b) => (a.task[at] < b.task[at] ? -1 : a.task[at] > b.task[at] ? 1 : 0) * (descending ? -1 : 1));
    const rows = document.createDocumentFragment();
    for (const lane of sorted.slice(0, 1000)) {
      const tr = element('tr', undefined, rows);
      const name = element('button', lane.name, element('td', undefined, tr));
      name.addEventListener('click', () => { pick(lanes.indexOf(lane), -1); canvas.focus(); });
      element('td', data.endings[lane.task[4]], tr);
      element('td', count(lane.task[6]), tr);
      for (const k of [7, 10, 8, 9]) element('td', unit.length(lane.task[k]), tr);
    }
    body.replaceChildren(rows);
  }
  /** The steps, those that are alike in one row, and between them what was done to tasks. */
  function fillSteps() {
    const row = element('tr', undefined, byId('all').querySelector('thead')), body = byId('all').querySelector('tbody');
    for (const title of ['Step', 'Task', 'Where it stopped']) element('th', title, row);
    const all = [...data.marks.map(mark => ({mark})), ...notes.map(note => ({note}))];
    all.sort((a, b) => (a.mark ?? a.note)[1] - (b.mark ?? b.note)[1] || !!a.mark - !!b.mark);
    let steps = 0, last = null;
    for (const {mark, note} of all) {
      if (note) {
        const td = element('td', note[2], element('tr', undefined, body));
        td.colSpan = 3;
        td.className = 'note';
        last = null;
        continue;
      }
      const [lane, at, text, waitsFor] = mark;
      steps++;
      if (last?.lane === lane && last.text === text && last.waitsFor === waitsFor) {
        last.number.textContent = last.first + '–' + steps;
        last.cell.textContent = `${text} (${steps - last.first + 1} steps)`;
        continue;
      }
      const tr = element('tr', undefined, body);
      const number = element('td', steps, tr), name = element('button', lanes[lane].name, element('td', undefined, tr));
      name.addEventListener('click', () => { pick(lane, find(lane, at)); canvas.focus(); });
      const cell = element('td', undefined, tr);
      last = {lane, text, waitsFor, first: steps, number, cell: element('span', text, cell)};
      if (waitsFor) element('i', ', waits ' + waitsFor, cell);
    }
  }
  if (data.step) {
    document.body.classList.add('steps');
    byId('lanes').style.height = RULER + LANE * lanes.length + 8 + 'px';
    byId('all').querySelector('summary').textContent = 'All steps, as a table';
    byId('all').open = byId('graphs').open = true;
    fillSteps();
  } else {
    byId('all').addEventListener('toggle', () => { fillTable(); resize(); });
  }
  byId('graphs').addEventListener('toggle', resize);
  readColors();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => { readColors(); drawOverview(); ask(); });
  // On paper there is no next frame, and the light colours are used.
  matchMedia('print').addEventListener('change', () => { readColors(); resize(); draw(); });
  new ResizeObserver(resize).observe(canvas.parentElement);
  resize();
  document.documentElement.dataset.ready = 'true';
})();
