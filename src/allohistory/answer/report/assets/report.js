"use strict";
(() => {
  const packed = document.getElementById("parts");
  const slots = [...document.querySelectorAll("[data-slot]")];
  const said = document.getElementById("chosen");
  let parts = null;

  // Chosen parts travel compressed; they were escaped when they were written.
  async function unpacked() {
    if (parts) return parts;
    const bytes = Uint8Array.from(atob(packed.textContent.trim()), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    parts = JSON.parse(await new Response(stream).text());
    return parts;
  }

  async function choose(id, quiet) {
    const mine = (await unpacked())[id];
    if (!mine) return;
    for (const slot of slots) slot.innerHTML = mine[slot.dataset.slot] ?? "";
    for (const row of document.querySelectorAll("tr.way")) {
      row.classList.toggle("chosen", row.dataset.pod === id);
    }
    document.dispatchEvent(new CustomEvent("chosen", { detail: { pod: id, world: 0 } }));
    if (!quiet) {
      const row = document.querySelector(`tr.way[data-pod="${CSS.escape(id)}"] label`);
      said.textContent = `Shown below: ${row.textContent.trim()}.`;
      history.replaceState(null, "", `#way=${encodeURIComponent(id)}`);
    }
  }

  document.addEventListener("change", (event) => {
    if (event.target.name === "pod") choose(event.target.value, false);
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-act='another']");
    if (!button) return;
    const worlds = [...button.closest(".timeline").querySelectorAll(".world")];
    const now = worlds.findIndex((world) => !world.hidden);
    const next = (now + 1) % worlds.length;
    worlds.forEach((world, n) => { world.hidden = n !== next; });
    const pod = document.querySelector("input[name=pod]:checked");
    document.dispatchEvent(
      new CustomEvent("chosen", { detail: { pod: pod ? pod.value : "", world: next } }),
    );
  });

  const asked = new URLSearchParams(location.hash.slice(1)).get("way");
  const box = asked && document.querySelector(`input[name=pod][value="${CSS.escape(asked)}"]`);
  if (box && !box.checked) { box.checked = true; choose(asked, true); }
})();
