// Keys for reviewers: what carries data-kunci is pressed, followed or focused by that key. They can be turned off.
const STORE = "wartawas.pintasan";
const box = document.getElementById("pintasan");

function active() {
  try { return localStorage.getItem(STORE) !== "0"; } catch { return true; }
}

for (const place of document.querySelectorAll("[data-pintasan]")) place.hidden = false;
if (box) {
  box.checked = active();
  box.addEventListener("change", () => { try { localStorage.setItem(STORE, box.checked ? "1" : "0"); } catch { /* kept for this page only */ } });
}

// What is written into the first empty field for evidence: the sentence that is selected in the article.
function takeEvidence() {
  const chosen = String(getSelection()).trim();
  const field = [...document.querySelectorAll("[data-bukti]")].pop();
  if (!chosen || !field) return;
  field.closest("details").open = true;
  field.value = field.value ? `${field.value}\n${chosen}` : chosen;
  field.focus();
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input:not([type=checkbox]), select, textarea");
  if (typing || event.ctrlKey || event.altKey || event.metaKey || (box && !box.checked) || !active()) return;
  if (event.key === "b") { event.preventDefault(); takeEvidence(); return; }
  if (event.key === "Enter" && event.target !== document.body) return;
  const goal = document.querySelector(`[data-kunci="${CSS.escape(event.key)}"]`);
  if (!goal) return;
  event.preventDefault();
  const jump = goal.getAttribute("href");
  goal.click();
  if (jump && jump.startsWith("#")) document.getElementById(jump.slice(1))?.focus();
});
