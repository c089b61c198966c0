// A list that changes with its filters: where the answer is no list, the reader sees the answer itself, never an old list.
addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, pathInfo, target } = event.detail;
  const inside = new DOMParser().parseFromString(xhr.responseText, "text/html");
  if (xhr.status === 200 && inside.getElementById(target.id)) return;
  event.preventDefault();
  location.assign(pathInfo.finalRequestPath || pathInfo.requestPath);
});

addEventListener("htmx:beforeRequest", () => document.getElementById("terputus")?.remove());

addEventListener("htmx:sendError", (event) => {
  const list = event.detail.target;
  const told = document.createElement("p");
  Object.assign(told, { id: "terputus", className: "note", textContent: "Tidak terhubung ke Wartawas: daftar menurut saringan ini belum dapat diambil. Periksa jaringan, lalu tekan Tampilkan." });
  told.setAttribute("role", "alert");
  list.before(told);
  list.hidden = true;
});
