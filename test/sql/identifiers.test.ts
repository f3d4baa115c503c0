/** Names are cut and folded as Postgres does it. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  identifierName,
  isTooLong,
  quoteIdentifier,
  truncateIdentifier,
} from '../../server/src/sql/identifiers.ts';
import { positionsIn, utf8Length } from '../../server/src/sql/positions.ts';

describe('an identifier', () => {
  test('keeps 63 bytes and no half character', () => {
    assert.equal(truncateIdentifier('a'.repeat(63)), 'a'.repeat(63));
    assert.equal(truncateIdentifier('a'.repeat(64)), 'a'.repeat(63));
    assert.equal(truncateIdentifier(`${'a'.repeat(62)}é`), 'a'.repeat(62));
    assert.equal(truncateIdentifier('😀'.repeat(16)), '😀'.repeat(15));
    assert.ok(isTooLong('é'.repeat(32)) && !isTooLong('é'.repeat(31)));
  });

  test('is folded unless it is quoted', () => {
    assert.equal(identifierName('Order_ÉID'), 'order_Éid');
    assert.equal(identifierName('"Order ""ID"""'), 'Order "ID"');
    assert.equal(identifierName(quoteIdentifier('a"B')), 'a"B');
  });
});

test('positions agree with the encoder, whatever the text', () => {
  for (const text of ['', 'plain', 'é', 'a€b😀c', '\ud800x', '😀'.repeat(3)]) {
    const positions = positionsIn(text);
    assert.equal(utf8Length(text), Buffer.byteLength(text));
    let count = 0;
    let offset = 0;
    for (const character of text) {
      assert.equal(positions.fromCodePoint(count++), offset);
      assert.equal(positions.fromByte(Buffer.byteLength(text.slice(0, offset))), offset);
      offset += character.length;
    }
    assert.equal(positions.fromByte(1_000), text.length);
    assert.equal(positions.fromCodePoint(1_000), text.length);
  }
});
