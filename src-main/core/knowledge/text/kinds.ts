import { basename, extname } from 'node:path';

export type TextKind = 'markdown' | 'text' | 'code';

const MARKDOWN = new Set(words('md markdown mdx mdown mkd qmd rmd'));
const TEXT = new Set(words('txt text rst adoc asciidoc org tex log csv tsv srt vtt po pot bib'));
const CODE = new Set(
  words(`ts tsx mts cts js jsx mjs cjs vue svelte astro py pyi pyx rb rake gemspec rs go java kt kts
  scala groovy gradle c h cc cpp cxx hh hpp hxx inl ino cu m mm swift cs fs fsx vb php pl pm t lua r jl
  dart ex exs erl hrl hs lhs elm ml mli clj cljs cljc edn lisp el scm rkt nim zig v sv vhd vhdl d pas
  asm s sql graphql gql proto thrift sol move cairo tf hcl nix bzl bazel cmake mk make dockerfile sh bash
  zsh fish ps1 psm1 bat cmd awk sed vim html htm xhtml xml xsl xslt xsd css scss sass less styl pug hbs
  ejs liquid njk twig jinja j2 json json5 jsonc jsonl ndjson yaml yml toml ini cfg conf config properties
  env-example editorconfig gitignore diff patch ipynb gd glsl vert frag wgsl hlsl`),
);
const CODE_NAMES = new Set(
  words(
    'makefile gnumakefile dockerfile containerfile jenkinsfile vagrantfile rakefile gemfile brewfile justfile procfile cmakelists.txt',
  ),
);
/** Files that hold keys or passwords by their nature: never in an index whose passages go to a model. */
const SECRET =
  /^(?:\.env(?:\.(?!example$|sample$|template$).*)?|\.netrc|\.pgpass|\.htpasswd|id_(?:rsa|dsa|ecdsa|ed25519)|.*\.(?:pem|p12|pfx|jks|keystore|kdbx))$/i;

/** How a file is read: by its kind of text, left out because it looks like a secret, or not yet. */
export type FileKind = TextKind | 'secret' | 'unsupported';

/** Kind of a file by its name alone. A name without an extension is taken for text until its bytes say otherwise. */
export function kindOf(path: string): FileKind {
  const name = basename(path).toLowerCase();
  if (SECRET.test(name)) return 'secret';
  if (CODE_NAMES.has(name)) return 'code';
  const extension = extname(name).slice(1);
  if (extension === '') return 'text';
  return textKindOf(extension) ?? 'unsupported';
}

/** Kind of a text that is there already, such as a document of an evaluation: what is unknown is plain text. */
export function kindOfText(path: string): TextKind {
  const kind = kindOf(path);
  return kind === 'secret' || kind === 'unsupported' ? 'text' : kind;
}

function textKindOf(extension: string): TextKind | null {
  if (MARKDOWN.has(extension)) return 'markdown';
  if (TEXT.has(extension)) return 'text';
  return CODE.has(extension) ? 'code' : null;
}

function words(list: string): string[] {
  return list.split(/\s+/);
}
