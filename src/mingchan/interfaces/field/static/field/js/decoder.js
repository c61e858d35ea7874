// Reads QR codes in a thread of its own. Stands after jsQR in one file.
self.onmessage = ({ data: { pixels, width, height } }) => {
  const found = self.jsQR(new Uint8ClampedArray(pixels), width, height, { inversionAttempts: "dontInvert" });
  self.postMessage(found ? found.data : "");
};
