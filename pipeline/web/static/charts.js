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
  const compiled = vegaLite.compile(await answer.json()).spec;
  place.textContent = "";
  await new vega.View(vega.parse(compiled, null, { ast: true }), {
    expr: expressionInterpreter, renderer: "svg", container: place, hover: true,
    tooltip: (handler, event, item, value) => { place.title = value ? Object.entries(value).map((e) => e.join(": ")).join("\n") : ""; },
  }).runAsync();
}

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
