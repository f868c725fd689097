"use strict";
(() => {
  const packed = document.getElementById("parts");
  const said = document.getElementById("chosen");
  const best = document.querySelector("input[name=pod]:checked")?.value;
  const first = {};
  for (const slot of document.querySelectorAll("[data-slot]")) {
    first[slot.dataset.slot] = slot.innerHTML;
  }
  const shown = document.getElementById("ah-data");
  if (shown) first.data = shown.textContent;
  const small = matchMedia("(max-width: 640px)");
  let parts = null;

  // Secondary tables are folded on a phone, and open elsewhere and on paper.
  function fold(shut) {
    for (const one of document.querySelectorAll("details.fold")) one.open = !shut;
    for (const one of document.querySelectorAll(".timeline .world")) {
      one.classList.toggle("brief", shut && one.querySelectorAll("tbody tr").length > 8);
    }
    for (const one of document.querySelectorAll("[data-act='whole']")) {
      one.hidden = !document.querySelector(".timeline .brief");
    }
  }
  fold(small.matches);
  small.addEventListener("change", () => fold(small.matches));
  window.addEventListener("beforeprint", () => fold(false));
  window.addEventListener("afterprint", () => fold(small.matches));

  // Chosen parts travel compressed; they were escaped when they were written.
  async function unpacked() {
    if (parts) return parts;
    const bytes = Uint8Array.from(atob(packed.textContent.trim()), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    parts = JSON.parse(await new Response(stream).text());
    return parts;
  }

  async function choose(id, quiet) {
    const found = (await unpacked())[id];
    if (!found) return;
    const mine = id === best ? { ...first, ...found } : found;
    for (const slot of document.querySelectorAll("[data-slot]")) {
      if (slot.dataset.slot in mine) slot.innerHTML = mine[slot.dataset.slot];
    }
    fold(small.matches);
    const figures = document.getElementById("figures");
    if (figures) {
      figures.hidden = !("data" in mine);
      document.getElementById("unmapped").hidden = "data" in mine;
      if ("data" in mine) {
        document.getElementById("ah-data").textContent = mine.data;
        document.dispatchEvent(new CustomEvent("allohistory-reload"));
      }
    }
    for (const row of document.querySelectorAll("tr.way")) {
      row.classList.toggle("chosen", row.dataset.pod === id);
    }
    if (!quiet) {
      const row = document.querySelector(`tr.way[data-pod="${CSS.escape(id)}"] label`);
      said.textContent = `Shown below: ${row.textContent.trim()}.`;
      history.replaceState(null, "", `#way=${encodeURIComponent(id)}`);
    }
  }

  document.addEventListener("change", (event) => {
    if (event.target.name === "pod") choose(event.target.value, false);
  });

  document.addEventListener("click", async (event) => {
    const whole = event.target.closest("[data-act='whole']");
    if (whole) {
      for (const one of document.querySelectorAll(".timeline .brief")) one.classList.remove("brief");
      whole.hidden = true;
      return;
    }
    const pressed = event.target.closest("[data-act='another']");
    if (!pressed) return;
    const slot = pressed.closest("[data-slot]");
    // The page itself carries one world of the best way; the others travel with the rest.
    if (slot.querySelectorAll(".world").length < 2) {
      slot.innerHTML = (await unpacked())[best].timeline;
      fold(small.matches);
      slot.querySelector("[data-act='another']").focus();
    }
    const worlds = [...slot.querySelectorAll(".world")];
    const now = worlds.findIndex((world) => !world.hidden);
    const next = (now + 1) % worlds.length;
    worlds.forEach((world, n) => { world.hidden = n !== next; });
  });

  const asked = new URLSearchParams(location.hash.slice(1)).get("way");
  const box = asked && document.querySelector(`input[name=pod][value="${CSS.escape(asked)}"]`);
  if (box && !box.checked) { box.checked = true; choose(asked, true); }
})();
