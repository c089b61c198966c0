// Draws the charts of a page with an interpreter in place of compiled expressions, so that no policy needs eval.
import { expressionInterpreter } from "./vega-interpreter.js";

async function draw(place) {
  const answer = await fetch(place.dataset.spec, { headers: { Accept: "application/json" } });
  if (answer.status === 204 || !answer.ok) {
    place.textContent = "Tidak ada yang dapat digambar dengan saringan ini.";
    return;
  }
  const { vega, vegaLite } = globalThis;
  vega.formatLocale(LOCALE.number);
  vega.timeFormatLocale(LOCALE.time);
  const spec = await answer.json();
  if (place.clientWidth < WIDE) narrow(spec, place.clientWidth - 32);
  const compiled = vegaLite.compile(spec).spec;
  place.textContent = "";
  await new vega.View(vega.parse(compiled, null, { ast: true }), {
    expr: expressionInterpreter, renderer: "svg", container: place, hover: true,
    tooltip: (handler, event, item, value) => { place.title = value ? Object.entries(value).map((e) => e.join(": ")).join("\n") : ""; },
  }).runAsync();
}

// Redraws a chart for a narrow window: its width, a title over several lines, short labels, a legend of one column.
function narrow(spec, room) {
  const names = Math.round(room * 0.45);
  const ranked = JSON.stringify(spec).includes('"ticks":false');  // bars with names in place of an axis
  for (const part of spec.vconcat ?? [spec]) {
    part.width = ranked ? room - names - 64 : room - 60;
    const title = typeof part.title === "string" ? { text: part.title } : part.title;
    if (title) part.title = { ...title, text: lines(title.text, room / 8), subtitle: [title.subtitle ?? []].flat().flatMap((t) => lines(t, room / 6)) };
    for (const { encoding } of [part, ...part.layer ?? []]) {
      if (encoding?.color?.legend) encoding.color.legend.columns = 1;
      if (encoding?.x?.axis?.tickCount) encoding.x.axis.tickCount = 4;
    }
  }
  Object.assign(spec.config.axis, { labelLimit: names, labelFontSize: 10 });
  spec.config.legend.columns = 1;
}

function lines(text, most) {
  const found = [""];
  for (const word of String(text).split(" ")) {
    if (found.at(-1) && found.at(-1).length + word.length >= most) found.push(word);
    else found.push(`${found.pop()} ${word}`.trim());
  }
  return found;
}

const WIDE = 740;
const months = "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split(" ");
const days = "Minggu Senin Selasa Rabu Kamis Jumat Sabtu".split(" ");
const LOCALE = {
  number: { decimal: ",", thousands: ".", grouping: [3], currency: ["Rp", ""] },
  time: {
    dateTime: "%A, %e %B %Y %X", date: "%d/%m/%Y", time: "%H.%M.%S", periods: ["AM", "PM"], days, months,
    shortDays: days.map((d) => d.slice(0, 3)), shortMonths: ["Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"],
  },
};

for (const place of document.querySelectorAll("[data-spec]")) {
  draw(place).catch(() => { place.textContent = "Grafik tidak dapat digambar; angkanya ada dalam tabel di bawah."; });
}
