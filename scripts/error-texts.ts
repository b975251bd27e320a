import * as fs from "node:fs";
import * as path from "node:path";

import * as ts from "typescript";

const ROOT = path.join(__dirname, "..");

/** One error as the source code writes it; `…` stands for what only a run knows. */
export interface ErrorText {
  /** Source file, relative to the repository. */
  readonly file: string;
  /** The error without its place. */
  readonly what: string;
  /** The fix; empty if the text itself contains it. */
  readonly fix: string;
  /** The reason, of errors that belong to a rule or a check. */
  readonly why: string;
  /** Whether Terraform finds the error at plan. */
  readonly isPlan: boolean;
}

/** Beginnings of the sentences that errors are: without a subject. */
const SENTENCE =
  /^(?:is|are|has|have|lacks?|contains?|asks?|begins|ends|differs|names|cannot|does|do|gives|loses|shows|returned|repeats|expired|expires|starts|clash:|issues|exceeds|disables|occurs|permits|allows|signs|belongs|uses|replaces|lead|fits|comes|stands|would|may|must|needs|reads|was|were|holds|goes|took|takes) /;

const ERRORS = /^(?:Error|UserError|ProgramError|DeployError|UsageError|CommandError|EncodingError)$/;

const MOST_ALTERNATIVES = 16;
const SHORTEST_SENTENCE = 20;
/** Stands for what only a run knows. */
export const REST = "…";

/** Every error of these folders, in the order of files and lines. */
export function errorTexts(folders: readonly string[], reasonOf: (check: number) => string): ErrorText[] {
  const sources = folders.flatMap(filesBelow).map((file) => {
    const text = fs.readFileSync(path.join(ROOT, file), "utf8");
    return ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  });
  const evaluator = new Evaluator(sources);
  const found = sources.flatMap((source) => new Collector(source, evaluator, reasonOf).errors);
  return [...new Map(found.map((error) => [`${error.file} ${error.what} ${error.fix}`, error])).values()];
}

function filesBelow(folder: string): string[] {
  return fs
    .readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .sort()
    .map((name) => `${folder}/${name}`);
}

/** Puts together the texts that an expression may be. */
class Evaluator {
  /** Constants and functions by their names; of two with one name, neither is used outside its file. */
  private readonly declared = new Map<string, ts.Node[]>();

  constructor(sources: readonly ts.SourceFile[]) {
    const visit = (node: ts.Node): void => {
      if (
        (ts.isVariableDeclaration(node) || ts.isFunctionDeclaration(node)) &&
        node.name &&
        ts.isIdentifier(node.name)
      ) {
        this.declared.set(node.name.text, [...(this.declared.get(node.name.text) ?? []), node]);
      }
      ts.forEachChild(node, visit);
    };
    sources.forEach(visit);
  }

  public texts(node: ts.Node | undefined, depth = 0): string[] {
    if (node === undefined || depth > 8) return [REST];
    if (ts.isStringLiteralLike(node)) return [node.text];
    if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node)) return this.texts(node.expression, depth);
    if (ts.isConditionalExpression(node)) {
      return limited([...this.texts(node.whenTrue, depth), ...this.texts(node.whenFalse, depth)]);
    }
    if (ts.isBinaryExpression(node)) {
      const isSum = node.operatorToken.kind === ts.SyntaxKind.PlusToken;
      const isOr = node.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken;
      if (isSum) return joined([this.texts(node.left, depth), this.texts(node.right, depth)]);
      return isOr ? this.texts(node.right, depth) : [REST];
    }
    if (ts.isTemplateExpression(node)) {
      let before = node.head.text;
      const parts = node.templateSpans.flatMap(({ expression, literal }) => {
        const part = /\$\{[^}]*$/.test(before) ? [REST] : this.spanTexts(expression, depth + 1);
        before = literal.text;
        return [part, [literal.text]];
      });
      return joined([[node.head.text], ...parts]);
    }
    if (ts.isIdentifier(node)) return this.declaredTexts(node, depth);
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
      return this.declaredTexts(node.expression, depth);
    }
    return [REST];
  }

  /** Results of functions are sentences, or values that a run computes. */
  private spanTexts(node: ts.Expression, depth: number): string[] {
    const texts = this.texts(node, depth);
    return ts.isCallExpression(node) && texts.some((text) => text.length < SHORTEST_SENTENCE) ? [REST] : texts;
  }

  private declaredTexts(name: ts.Identifier, depth: number): string[] {
    const all = this.declared.get(name.text) ?? [];
    const isTop = (node: ts.Node): boolean => ts.isSourceFile(functionOf(node));
    const here = all.filter((node) => node.getSourceFile() === name.getSourceFile());
    const near = here.filter((node) => contains(blockOf(node), name));
    const innermost = near.filter((node) => !near.some((other) => isInside(blockOf(other), blockOf(node))));
    const [only, ...others] = near.length > 0 ? innermost : all.filter(isTop);
    if (only === undefined || others.length > 0 || (isParameter(name) && isTop(only))) return [REST];
    if (ts.isVariableDeclaration(only)) return this.texts(only.initializer, depth + 1);
    const returned = (only as ts.FunctionDeclaration).body?.statements.filter(ts.isReturnStatement) ?? [];
    return returned.length === 1 ? this.texts(returned[0]!.expression, depth + 1) : [REST];
  }
}

function blockOf(node: ts.Node): ts.Node {
  let up = node.parent;
  while (!ts.isBlock(up) && !ts.isSourceFile(up)) up = up.parent;
  return up;
}

function isInside(inner: ts.Node, outer: ts.Node): boolean {
  return inner !== outer && contains(outer, inner);
}

function functionOf(node: ts.Node): ts.Node {
  let up = node.parent;
  while (!ts.isFunctionLike(up) && !ts.isSourceFile(up)) up = up.parent;
  return up;
}

/** Whether a name is a parameter, or a part of one, of a function around it. */
function isParameter(name: ts.Identifier): boolean {
  for (let up = functionOf(name); !ts.isSourceFile(up); up = functionOf(up)) {
    const names = (binding: ts.BindingName): string[] =>
      ts.isIdentifier(binding)
        ? [binding.text]
        : binding.elements.flatMap((element) => (ts.isBindingElement(element) ? names(element.name) : []));
    const parameters = (up as ts.SignatureDeclaration).parameters;
    if (parameters.some((parameter) => names(parameter.name).includes(name.text))) return true;
  }
  return false;
}

function contains(outer: ts.Node, inner: ts.Node): boolean {
  return outer.pos <= inner.pos && inner.end <= outer.end;
}

function joined(parts: readonly string[][]): string[] {
  return parts.reduce((all, part) => limited(all.flatMap((one) => part.map((other) => one + other))), [""]);
}

function limited(texts: string[]): string[] {
  return texts.length > MOST_ALTERNATIVES ? [REST] : texts;
}

/** A text without its place, without expressions of Terraform, and of texts for props and for flags with that for props. */
function plain(text: string): string {
  return text
    .replace(/\$\{[^}]*\}/g, REST)
    .replace(/\[\[([^|\]]*)\|[^\]]*\]\]/g, "$1")
    .replace(/\{([A-Za-z]+|…)\}/g, "$1")
    .replace(/^[…:;, ]+/, "")
    .replace(/…{2,}/g, REST)
    .trim();
}

/** Finds the errors of one file. */
class Collector {
  public readonly errors: ErrorText[] = [];

  constructor(
    private readonly source: ts.SourceFile,
    private readonly evaluator: Evaluator,
    private readonly reasonOf: (check: number) => string,
  ) {
    this.visit(source, "");
  }

  private visit(node: ts.Node, why: string): void {
    let reason = why;
    if (ts.isObjectLiteralExpression(node)) {
      reason = this.textOf(node, "reason") ?? why;
      this.collectObject(node, reason);
    } else if (ts.isNewExpression(node) && ERRORS.test(node.expression.getText())) {
      this.addAll(this.evaluator.texts(node.arguments?.[0]), [""], { why });
    } else if (ts.isCallExpression(node)) {
      this.collectCall(node, why);
    } else if (ts.isArrayLiteralExpression(node)) {
      this.collectList(node.elements, why);
    }
    ts.forEachChild(node, (child) => this.visit(child, reason));
  }

  private collectObject(node: ts.ObjectLiteralExpression, why: string): void {
    const kept = valueOf(node, "confirmation") === undefined ? undefined : valueOf(node, "reason");
    const message = valueOf(node, "errorMessage") ?? kept;
    if (message !== undefined) {
      this.addAll(this.evaluator.texts(message), [""], { why, isPlan: true });
    }
    const what = valueOf(node, "what");
    const fix = valueOf(node, "fix");
    if (what !== undefined && (fix ?? valueOf(node, "allowed")) !== undefined) {
      const texts = this.evaluator.texts(what);
      this.addAll(texts, fix === undefined ? [""] : this.evaluator.texts(fix), { why });
    }
  }

  private collectCall(node: ts.CallExpression, why: string): void {
    const name = node.expression.getText().replace(/^.*\./, "");
    if (name === "rule" && node.arguments.length === 2) {
      this.addAll(this.evaluator.texts(node.arguments[1]), [""], { why, isPlan: true });
    } else if (name === "missing" && node.arguments.length === 4) {
      const [, what, , fix] = node.arguments;
      this.addAll(joined([["is missing"], this.evaluator.texts(what)]), this.evaluator.texts(fix), { why });
    } else if (name === "push" && /problems/.test(node.expression.getText())) {
      const texts = this.evaluator.texts(node.arguments[0]).filter((text) => text.includes("allowed: "));
      this.addAll(texts, [""], { why });
    } else if (name === "error" || name === "warning") {
      const [check, what, fix] = node.arguments;
      if (fix === undefined) return;
      const reason = check !== undefined && ts.isNumericLiteral(check) ? this.reasonOf(Number(check.text)) : why;
      this.addAll(this.evaluator.texts(what), this.evaluator.texts(fix), { why: reason });
    } else {
      this.collectList(node.arguments, why);
    }
  }

  /** Arguments of a helper, or a tuple: a sentence, and the fix last. */
  private collectList(nodes: readonly ts.Expression[], why: string): void {
    const texts = nodes.map((each) => this.evaluator.texts(each));
    const at = texts.findIndex((some) => some.some((text) => SENTENCE.test(plain(text))));
    if (at >= 0) {
      this.addAll(texts[at]!, at === nodes.length - 1 ? [""] : texts.at(-1)!, { why });
    }
  }

  private addAll(whats: readonly string[], fixes: readonly string[], more: { why: string; isPlan?: boolean }): void {
    const { why, isPlan = false } = more;
    // Where error and fix are chosen by one condition, they belong together one by one.
    whats.forEach((what, index) => {
      const fix = fixes.length === whats.length ? fixes[index]! : fixes.join(", or ");
      const text = plain(what);
      // Texts that are put together elsewhere are found there.
      if (/[a-z]{3}/.test(text) && text.replaceAll(REST, "").length > 7) {
        this.errors.push({ file: this.source.fileName, what: text, fix: fix === REST ? "" : plain(fix), why, isPlan });
      }
    });
  }

  private textOf(node: ts.ObjectLiteralExpression, name: string): string | undefined {
    const value = valueOf(node, name);
    return value !== undefined && ts.isStringLiteralLike(value) ? value.text : undefined;
  }
}

function valueOf(node: ts.ObjectLiteralExpression, name: string): ts.Expression | undefined {
  for (const property of node.properties) {
    if (property.name?.getText() !== name) continue;
    if (ts.isPropertyAssignment(property)) return property.initializer;
    if (ts.isShorthandPropertyAssignment(property)) return property.name;
  }
  return undefined;
}
