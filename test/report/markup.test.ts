import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { escapeText, markup } from '../../src/report/markup.js';

describe('markup', () => {
  test('escapes every interpolated string, in text and in attributes', () => {
    const name = `<script>alert("1")</script>'&`;
    expect(markup`<p title="${name}">${name}</p>`.text).toBe(
      '<p title="&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39;&amp;">' +
        '&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39;&amp;</p>',
    );
  });

  test('takes markup as it is, joins lists, keeps 0 and leaves out null, undefined and false', () => {
    const items = [1, 0].map((n) => markup`<li>${n}</li>`);
    expect(markup`<ul>${items}${null}${undefined}${false}</ul>`.text).toBe(
      '<ul><li>1</li><li>0</li></ul>',
    );
  });

  test('no text of any kind leaves a character that could open a tag or close an attribute', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(escapeText(text)).not.toMatch(/[<>"']/);
      }),
    );
  });
});
