// Draws openapi.json: every path with its parameters, body and answers, and every shape.
const el = (tag, text, className) => {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
};
const shapeName = (schema) => {
  if (!schema) return "";
  if (schema.$ref) return schema.$ref.split("/").pop();
  const variants = schema.oneOf ?? schema.anyOf;
  if (variants) return variants.map(shapeName).join(" | ");
  if ([schema.type].flat().includes("array")) return `[${shapeName(schema.items)}]`;
  const kinds = [schema.type ?? "any"].flat().join(" | ");
  return schema.format ? `${kinds} (${schema.format})` : kinds;
};
const bodyShape = (content) => {
  const [kind, body] = Object.entries(content ?? {})[0] ?? [];
  return kind ? `${kind}: ${shapeName(body.schema)}` : "no body";
};
const operation = (path, method, what) => {
  const box = el("details");
  box.dataset.words = `${method} ${path} ${what.summary ?? ""} ${what.description ?? ""}`.toLowerCase();
  const head = el("summary");
  head.append(el("span", method.toUpperCase(), `method ${method}`), el("code", path), el("span", ` ${what.summary ?? ""}`));
  box.append(head);
  if (what.description) box.append(el("p", what.description));
  const list = el("ul");
  for (const parameter of what.parameters ?? []) {
    list.append(el("li", `${parameter.in} ${parameter.name}: ${shapeName(parameter.schema)}. ${parameter.description ?? ""}`));
  }
  if (what.requestBody) list.append(el("li", `body: ${bodyShape(what.requestBody.content)}`));
  for (const [status, answer] of Object.entries(what.responses)) {
    list.append(el("li", `${status}: ${answer.description ?? ""} ${bodyShape(answer.content)}`));
  }
  box.append(list);
  return box;
};
const draw = (api) => {
  document.getElementById("about").textContent = api.info.description;
  const paths = document.getElementById("paths");
  paths.textContent = "";
  for (const [path, methods] of Object.entries(api.paths)) {
    for (const [method, what] of Object.entries(methods)) paths.append(operation(path, method, what));
  }
  const shapes = document.getElementById("shapes");
  for (const [name, schema] of Object.entries(api.components.schemas)) {
    const box = el("details");
    box.append(el("summary", name), el("pre", JSON.stringify(schema, null, 2)));
    shapes.append(box);
  }
  document.getElementById("search").addEventListener("input", (event) => {
    const words = event.target.value.toLowerCase();
    for (const box of paths.children) box.hidden = !box.dataset.words.includes(words);
  });
};
fetch("/api/openapi.json").then((reply) => reply.json()).then(draw).catch((error) => {
  document.getElementById("paths").textContent = `The description could not be loaded: ${error}`;
});
