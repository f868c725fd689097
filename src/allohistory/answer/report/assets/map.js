/* One state (year, history) for all figures; a change sets classes of what is there already. */
"use strict";
let allohistoryFigures = null;
function startFigures() {
  if (allohistoryFigures) allohistoryFigures.abort();
  allohistoryFigures = new AbortController();
  const { signal } = allohistoryFigures;
  const block = document.getElementById("ah-data");
  if (!block) return;
  const data = JSON.parse(block.textContent);
  const all = (query) => [...document.querySelectorAll(query)];
  const state = { year: data.start, world: "alternate" };
  const HELD = ["dependency", "home", "occupied or client"];

  const within = (row, at, year) => row[at] <= year && (row[at + 1] === null || year <= row[at + 1]);
  const nameOf = (i, year) => {
    const rows = data.states[i].names;
    return (rows.find((row) => year <= row[0]) || rows[rows.length - 1])[1];
  };
  const seatOf = (i, year) => {
    const rows = data.states[i].seats;
    let found = rows[0];
    for (const row of rows) if (row[0] <= year) found = row;
    return [found[1], found[2]];
  };
  const holder = (unit, world, year) => {
    const rows = data[world].land[unit] || data.actual.land[unit] || [];
    let found = [0, -1, 0];
    for (const row of rows) if (row[0] <= year) found = row;
    return found;
  };
  const blocsOf = (world, year) => {
    const out = [];
    for (const bloc of data[world].blocs) {
      const here = bloc.members.filter((m) => within(m, 1, year));
      if (!here.length) continue;
      const name = bloc.names.find((n) => within(n, 0, year));
      const who = (kind) => here.filter((m) => m[3] === kind).map((m) => m[0]);
      out.push({ slot: String(bloc.slot), name: name ? name[2] : "", powers: who(2), allies: who(1) });
    }
    return out;
  };
  const kindsOf = (blocs) => {
    const out = new Map();
    for (const bloc of blocs) {
      for (const i of bloc.powers) out.set(i, [bloc.slot, "p"]);
      for (const i of bloc.allies) out.set(i, [bloc.slot, "a"]);
    }
    return out;
  };
  const fillOf = (unit, kinds) => {
    const [, owner, held] = holder(unit, state.world, state.year);
    if (owner < 0) return "np";
    const [slot, rank] = kinds.get(owner) || ["n", "p"];
    return slot + ["d", rank, "o"][held];
  };
  const stands = (i) => {
    const part = data[state.world];
    return (data.pair.includes(i) ? part.states : part.majors)
      .some((row) => row[0] === i && within(row, 1, state.year));
  };
  const arc = (one, other) => {
    const [a, b] = one[0] < other[0] || (one[0] === other[0] && one[1] < other[1])
      ? [one, other] : [other, one];
    const x = (a[0] + b[0]) / 2 + 0.2 * (b[1] - a[1]);
    const y = (a[1] + b[1]) / 2 - 0.2 * (b[0] - a[0]);
    return `M${a[0]} ${a[1]}Q${x.toFixed(0)} ${y.toFixed(0)} ${b[0]} ${b[1]}`;
  };

  const shapes = all("#ah-map [data-u]").map((node) => ({
    node, unit: node.dataset.u, fill: node.getAttribute("class").split(" ")[0],
    first: Number(node.dataset.first || -9999), last: Number(node.dataset.last || 9999),
    off: node.classList.contains("ah-off"),
  }));
  const dyads = (query) => all(query).map((node) => ({
    node, i: Number(node.dataset.i), j: Number(node.dataset.j),
  }));
  const arcs = dyads("#ah-map .ah-arc[data-i]");
  const seats = dyads("#ah-map .ah-seat");
  const lines = dyads("#ah-network .ah-tie[data-i]");
  const nodes = dyads("#ah-network .ah-node[data-i]");
  const legend = all("#ah-map [data-ah-slot]");
  const years = all("input[data-ah-year]");
  const shown = all("[data-ah-shown]");
  const worlds = all("input[data-ah-world]");
  const told = document.querySelector("[data-ah-pointed]");
  const hint = told ? told.textContent : "";
  const titles = [["ah-map-title", "Blocs on the map"], ["ah-network-title", "Pledges between powers"]]
    .map(([id, text]) => [document.getElementById(id), text]).filter(([node]) => node);

  const drawMap = (blocs, kinds, level) => {
    for (const shape of shapes) {
      const off = state.year < shape.first || state.year > shape.last;
      const fill = `ah-f${fillOf(shape.unit, kinds)}`;
      if (fill === shape.fill && off === shape.off) continue;
      shape.node.setAttribute("class", off ? `${fill} ah-off` : fill);
      shape.fill = fill;
      shape.off = off;
    }
    const bound = new Set();
    for (const { node, i, j } of arcs) {
      const on = level(i, j) === 2;
      node.classList.toggle("ah-off", !on);
      if (!on) continue;
      bound.add(i).add(j);
      const path = arc(seatOf(i, state.year), seatOf(j, state.year));
      if (node.getAttribute("d") !== path) node.setAttribute("d", path);
    }
    for (const { node, i } of seats) {
      node.classList.toggle("ah-off", !bound.has(i));
      const [x, y] = seatOf(i, state.year);
      node.setAttribute("d", `M${x} ${y}h0`);
    }
    for (const row of legend) {
      const bloc = blocs.find((b) => b.slot === row.dataset.ahSlot);
      row.hidden = !bloc;
      if (!bloc) continue;
      const names = (who) => who.map((i) => nameOf(i, state.year)).join(", ");
      row.querySelector("b").textContent = bloc.name;
      row.querySelector("b + span").textContent =
        names(bloc.powers) + (bloc.allies.length ? `; allies: ${names(bloc.allies)}` : "");
    }
  };

  const drawNetwork = (kinds, level) => {
    for (const { node, i, j } of lines) {
      const now = level(i, j);
      const slot = kinds.has(i) && kinds.has(j) && kinds.get(i)[0] === kinds.get(j)[0] && now === 2
        ? ` ah-c${kinds.get(i)[0]}` : "";
      node.setAttribute("class", `ah-tie ah-l${now}${slot}`);
    }
    for (const { node, i } of nodes) {
      const pair = data.pair.includes(i);
      const slot = kinds.has(i) ? kinds.get(i)[0] : "n";
      node.setAttribute("class",
        `ah-node ah-c${slot}${stands(i) ? "" : pair ? " ah-away" : " ah-off"}${pair ? " ah-pair" : ""}`);
      node.querySelector("text").textContent = nameOf(i, state.year);
    }
  };

  const draw = () => {
    const blocs = blocsOf(state.world, state.year);
    const kinds = kindsOf(blocs);
    const ties = new Map();
    for (const tie of data[state.world].ties) {
      if (within(tie, 2, state.year)) ties.set(`${tie[0]} ${tie[1]}`, tie[4]);
    }
    const level = (i, j) => (stands(i) && stands(j) && ties.get(`${i} ${j}`)) || 0;
    drawMap(blocs, kinds, level);
    drawNetwork(kinds, level);
    for (const node of years) {
      node.value = state.year;
      node.setAttribute("aria-valuetext", `${state.year}, ${state.world} history`);
    }
    for (const node of shown) node.textContent = state.year;
    for (const node of worlds) node.checked = node.value === state.world;
    for (const [node, text] of titles) {
      node.textContent = `${text}, ${state.year}, ${state.world} history`;
    }
    if (told) told.textContent = hint;
  };

  let waiting = false;
  const set = (change, quiet) => {
    const year = Math.min(Math.max(Math.round(change.year ?? state.year), data.from), data.to);
    const world = data[change.world]?.land ? change.world : state.world;
    if (year === state.year && world === state.world) return;
    Object.assign(state, { year, world });
    if (!waiting) {
      waiting = true;
      requestAnimationFrame(() => { waiting = false; draw(); });
    }
    if (!quiet) document.dispatchEvent(new CustomEvent("allohistory", { detail: { ...state } }));
  };
  for (const node of years) node.addEventListener("input", () => set({ year: Number(node.value) }));
  for (const node of worlds) node.addEventListener("change", () => set({ world: node.value }));
  document.addEventListener("allohistory-set", (event) => set(event.detail, true), { signal });

  const map = document.querySelector("#ah-map .ah-world");
  if (map) {
    /* Hatches stay as wide on the screen whatever part of the map is shown. */
    const patterns = all("#ah-map pattern");
    const swatches = all(".ah-hatched");
    let scale = 0;
    const fit = () => {
      const wide = map.getBoundingClientRect().width;
      const now = wide ? Number((map.viewBox.baseVal.width / wide).toPrecision(3)) : scale;
      if (now === scale) return;
      scale = now;
      for (const node of patterns) node.setAttribute("patternTransform", `scale(${now})`);
      for (const node of swatches) node.setAttribute("viewBox", `0 0 ${18 * now} ${18 * now}`);
    };
    const views = all("#ah-map [data-ah-view]");
    for (const button of views) {
      button.addEventListener("click", () => {
        map.setAttribute("viewBox", button.dataset.ahView);
        for (const other of views) other.setAttribute("aria-pressed", String(other === button));
        fit();
      }, { signal });
    }
    const seen = new ResizeObserver(fit);
    seen.observe(map);
    signal.addEventListener("abort", () => seen.disconnect());
    fit();
    map.addEventListener("pointerover", (event) => {
      const { u: unit, n: name } = event.target.dataset || {};
      if (unit === undefined) return;
      const [, owner, held] = holder(unit, state.world, state.year);
      const who = owner < 0 ? "independent of the record’s states"
        : `${nameOf(owner, state.year)}, ${HELD[held]}`;
      told.textContent = unit ? `${name}: ${who}` : `${name}: not followed`;
    }, { signal });
    map.addEventListener("pointerleave", () => { told.textContent = hint; }, { signal });
  }
  draw();
}
document.addEventListener("allohistory-reload", startFigures);
startFigures();
