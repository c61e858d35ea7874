// Sentences in the reader's language: Chinese in the scripts, others from the page.
const texts = JSON.parse(document.body.dataset.texts || "{}");

export function t(text, values = {}) {
  return (texts[text] || text).replace(/%\((\w+)\)s/g, (_whole, name) => String(values[name] ?? ""));
}

const number = new Intl.NumberFormat("zh-CN", { maximumFractionDigits: 3 });
export const figure = (value) => number.format(value);

export function day(text) {
  if (!text) return "";
  const [year, month, date] = text.split("T")[0].split("-").map(Number);
  return t("%(year)s年%(month)s月%(day)s日", { year, month, day: date });
}

const two = (value) => String(value).padStart(2, "0");
export function moment(value) {
  const at = new Date(value);
  const clock = `${two(at.getHours())}:${two(at.getMinutes())}`;
  return `${day(`${at.getFullYear()}-${at.getMonth() + 1}-${at.getDate()}`)} ${clock}`;
}
