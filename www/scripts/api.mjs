// Writes the API reference out of the built types: what the package exports, with its comments, as Markdown. An export
// without an example is an error, and so is a link that leads nowhere.
//
// typedoc would do it, but it needs the compiler API of TypeScript 6 or older. vite, which builds the demo page, brings
// a parser.

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseSync } from "vite";

/** What people import, and the file with its types. */
const ENTRIES = {
  foldin: "index",
  "foldin/element": "element",
  "foldin/react": "react",
  "foldin/vue": "vue",
  "foldin/svelte": "svelte",
  "foldin/offline": "offline",
};

/** The reference of the package whose types are in `folder`. */
export function apiReference(folder) {
  const modules = Object.entries(ENTRIES).map(([name, file]) => ({ name, file: join(folder, `${file}.d.ts`) }));
  for (const module of modules) module.declarations = exportsOf(module.file);
  const headings = new Set(modules.flatMap(({ declarations }) => declarations.flatMap(headingsOf)));
  // What several modules export is told once.
  const told = new Set();
  const isNew = ({ code }) => !told.has(code) && told.add(code);
  const sections = modules.flatMap(({ name, file, declarations }) => [
    `# ${name}\n\n${introduction(file, headings)}`,
    ...declarations.filter(isNew).map((declaration) => section(declaration, headings)),
  ]);
  return sections.join("\n");
}

/** What the comment at a file's head says of the module. */
function introduction(file, headings) {
  const { comments } = parseSync(file, readFileSync(file, "utf8"));
  const tag = /^ \* @packageDocumentation\n/m;
  const [head] = comments.filter(({ value }) => tag.test(value));
  if (!head) throw new Error(`${file}: no comment with @packageDocumentation`);
  return prose(head.value.replace(tag, ""), headings);
}

/** The declarations that a file exports, itself or from other files: all, or those whose names are `wanted`. */
function exportsOf(file, wanted) {
  const text = readFileSync(file, "utf8");
  const { program, comments, errors } = parseSync(file, text);
  if (errors.length) throw new Error(`${file}: ${errors[0].message}`);
  /** The comment that ends where a node starts. */
  const commentOf = ({ start }) => {
    const near = comments.findLast(({ end }) => end <= start);
    return near?.value.startsWith("*") && !text.slice(near.end, start).trim() ? near.value : undefined;
  };
  const from = (source, names) => exportsOf(join(dirname(file), source.value.replace(/\.js$/, ".d.ts")), names);
  return program.body.flatMap((node) => {
    if (node.type === "ExportAllDeclaration") return from(node.source);
    if (node.type !== "ExportNamedDeclaration") return [];
    if (node.source) return from(node.source, new Set(node.specifiers.map(({ local }) => local.name)));
    const { declaration } = node;
    if (!declaration) return [];
    const name = (declaration.id ?? declaration.declarations[0].id).name;
    if (wanted && !wanted.has(name)) return [];
    const members = declaration.type === "ClassDeclaration" ? membersOf(declaration, text, commentOf) : undefined;
    return [{ name, comment: commentOf(node), code: text.slice(declaration.start, node.end), members }];
  });
}

/** The members of a class that have a comment: the others are nobody's business. */
function membersOf({ body }, text, commentOf) {
  const described = body.body.filter(commentOf);
  return described.map((node) => ({
    name: node.key.name,
    comment: commentOf(node),
    code: text.slice(node.start, node.end),
  }));
}

const headingsOf = ({ name, members = [] }) => [name, ...members.map((member) => `${name}.${member.name}`)];

function section({ name, comment, code, members }, headings) {
  if (!comment?.includes("@example")) throw new Error(`${name} is exported without an @example`);
  const text = prose(comment, headings);
  if (!members) return `## ${name}\n\n${text}\n${signature(code)}`;
  const parts = members.map((member) => {
    return `### ${name}.${member.name}\n\n${signature(member.code)}\n${prose(member.comment, headings)}`;
  });
  return [`## ${name}\n\n${text}`, ...parts].join("\n");
}

const LINK = /\{@link ([\w.]+)\}/g;

/** A declaration as TypeScript; links in its comments are plain names there. */
const signature = (code) => `\`\`\`ts\n${dedent(code.replace(/^declare /, "").replace(LINK, "$1"))}\n\`\`\`\n`;

/** Without the indentation that a member has inside its class. */
const dedent = (code) => (/^ {4}/.test(code.split("\n").at(-1)) ? code.replace(/^ {4}/gm, "") : code);

/** A comment's text: without its stars, its tags as words, its links as links. */
function prose(comment, headings) {
  const text = comment
    .replace(/^\*/, "")
    .replace(/^[ \t]*\* ?/gm, "")
    .replace(/^@example\n/gm, "")
    .replace(/^@throws /gm, "Throws ")
    .replace(LINK, (_, name) => {
      if (!headings.has(name)) throw new Error(`{@link ${name}} leads nowhere`);
      return `[\`${name}\`](#${name.toLowerCase().replace(".", "")})`;
    });
  const tag = text.match(/^@\w+|\{@\w+/m);
  if (tag) throw new Error(`${tag[0]}: the reference has no words for this tag`);
  return `${text.trim()}\n`;
}
