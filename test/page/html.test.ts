import { escape, Html, html } from "../../page/html";

test("a value is escaped in text and in attributes alike", () => {
  const hostile = `"><script>'&`;
  expect(html`<a title="${hostile}">${hostile}</a>`.toString()).toBe(
    `<a title="${escape(hostile)}">${escape(hostile)}</a>`,
  );
  expect(escape(hostile)).toBe("&quot;&gt;&lt;script&gt;&#39;&amp;");
});

test("HTML inside of HTML stays HTML, in lists too", () => {
  const items = ["a<", "b"].map((item) => html`<li>${item}</li>`);
  expect(html`<b>${items}</b>`.toString()).toBe("<b><li>a&lt;</li><li>b</li></b>");
});

test("undefined renders as nothing, and 0 as 0", () => {
  expect(html`<p>${undefined}${false}${0}${""}</p>`.toString()).toBe("<p>0</p>");
});

test("the template's own indentation is left out, a value's lines are kept", () => {
  const text = "ssl:\n  key: a\n\n  b";
  expect(
    html`<div>
      <pre>${text}</pre>
    </div>`.toString(),
  ).toBe(`<div>\n<pre>${text}</pre>\n</div>`);
  expect(html`${new Html("a\n  b")}`.toString()).toBe("a\n  b");
});
