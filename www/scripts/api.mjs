// Writes the API reference out of the built types: what a package exports, with its comments, as Markdown. An export
// without an example is an error.

import { readFileSync } from "node:fs";

/** Where the public declarations are, by what imports them. */
const MODULES = {
  foldin: [
    "recommender",
    ...["loading", "visitor", "training", "catalog", "asking", "cold", "metrics"].map((name) => `types/${name}`),
    "errors",
  ],
  "foldin/element": ["element"],
  "foldin/offline": ["offline"],
};

const COMMENT = "(?:^ *\\/\\*\\*\\n?(?<comment>(?:(?!\\*\\/)[^])*?)\\*\\/\\n)?";
const BLOCK = "(?<block>class|interface) (?<blockName>\\w+)[^]*?^\\}";
const LINE = "(?:type|function) (?<lineName>\\w+)[^]*?;";
const DECLARATION = new RegExp(`${COMMENT}^export (?:declare )?(?:${BLOCK}|${LINE})\\n`, "gm");
const MEMBER = /^ {4}\/\*\*\n?((?:(?!\*\/)[\s\S])*?)\*\/\n {4}((?:static |readonly |get )*(\w+)[^\n]*)/gm;

/** The reference of the package whose types are in `folder`. */
export function apiReference(folder) {
  const exported = new Set(readFileSync(`${folder}/index.d.ts`, "utf8").match(/\w+(?=[ ,}])/g));
  const sections = Object.entries(MODULES).map(([name, files]) => {
    const declarations = files.flatMap((file) => {
      const found = [...readFileSync(`${folder}/${file}.d.ts`, "utf8").matchAll(DECLARATION)];
      // The types are public as a whole; of the errors only what index.ts names is.
      return found.filter(({ groups }) => file !== "errors" || exported.has(nameOf(groups)));
    });
    return `# ${name}\n\n${declarations.map(section).join("\n")}`;
  });
  return sections.join("\n");
}

const nameOf = ({ blockName, lineName }) => blockName ?? lineName;

function section({ 0: code, groups }) {
  const { comment, block } = groups;
  const name = nameOf(groups);
  if (!comment?.includes("@example")) throw new Error(`${name} is exported without an @example`);
  const declaration = code.slice(code.indexOf("export "));
  if (block === "class") return `## ${name}\n\n${prose(comment)}\n${members(declaration)}`;
  const signature = declaration.replace(/^export (declare )?/, "").trim();
  return `## ${name}\n\n${prose(comment)}\n\`\`\`ts\n${signature}\n\`\`\`\n`;
}

const members = (declaration) =>
  [...declaration.matchAll(MEMBER)]
    .map(([, comment, signature, name]) => `### ${name}\n\n\`\`\`ts\n${signature}\n\`\`\`\n\n${prose(comment)}`)
    .join("\n");

/** A comment's text: without its stars, its tags as words, its links as links. */
function prose(comment) {
  const text = comment
    .replace(/^[ \t]*\* ?/gm, "")
    .replace(/^@example\n/gm, "")
    .replace(/^@throws /gm, "Throws ")
    .replace(/\{@link (?:\w+\.)?(\w+)\}/g, (_, name) => `[${name}](#${name.toLowerCase()})`);
  return `${text.trim()}\n`;
}
