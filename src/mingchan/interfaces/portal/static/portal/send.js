// A form that asks the browser for a little work before it is sent. Without this script the form is sent all the same.
(() => {
  const form = document.querySelector("form[data-challenge]");
  if (!form || !window.Worker) return;
  const button = form.querySelector("button[type=submit]");
  const state = form.querySelector("[data-state]");
  let worker = null, done = false, waiting = false;
  const finish = (nonce) => {
    if (done) return;
    done = true;
    form.elements.nonce.value = nonce;
    if (waiting) form.submit();
  };
  const begin = () => {
    if (worker) return;
    try {
      worker = new Worker(form.dataset.worker);
      worker.onmessage = (event) => finish(event.data);
      worker.onerror = () => finish("");
      worker.postMessage({ challenge: form.dataset.challenge, bits: Number(form.dataset.bits) });
    } catch (error) {
      finish("");
    }
  };
  form.addEventListener("focusin", begin);
  form.addEventListener("pointerdown", begin);
  form.addEventListener("submit", (event) => {
    if (waiting) { event.preventDefault(); return; }
    waiting = true;
    button.disabled = true;
    if (done) return;
    event.preventDefault();
    state.textContent = form.dataset.busy;
    begin();
    setTimeout(() => finish(""), 30000);
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
})();
