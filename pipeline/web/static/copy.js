// Copies a text of the page; without this script it can be selected and copied by hand.
for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", async () => {
    const text = document.getElementById(button.dataset.copy);
    const told = document.getElementById(`${button.dataset.copy}-copied`);
    try {
      await navigator.clipboard.writeText(text.textContent);
      told.textContent = "Tersalin.";
    } catch {
      getSelection().selectAllChildren(text);
      told.textContent = "Terpilih; tekan Ctrl+C untuk menyalin.";
    }
  });
}
