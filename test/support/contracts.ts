import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { expect } from 'vitest';
import { eventBytes } from '../../server/src/domain/event';
import type { TestStrapi } from './strapi';
import { waitFor } from './wait-for';

interface Row {
  event_type: string;
  schema_version: string;
  sequence_number: number | string;
  produced_at: number | string;
  body: string;
}

/**
 * Holds every event of the log against the schema that is published for it, by a validator that is not ours, and expects
 * these types, and no others, to be there. Invalid events count as little as those that partners send.
 */
export async function expectContractsKept(app: TestStrapi, types: string[]): Promise<void> {
  const db = app.strapi.db.connection;
  await waitFor(async () => {
    const unsequenced = await db('newswire_events').where({ status: 'unsequenced' }).first('id');
    return unsequenced === undefined;
  });
  const rows = await db('newswire_events').where({ status: 'sequenced' }).select<Row[]>('*');
  const ajv = addFormats.default(
    new Ajv2020({ allErrors: true, strict: true, strictTuples: false }),
  );
  const token = await app.apiToken();
  for (const row of rows) {
    const address = `/api/newswire/manage/catalogue/${row.event_type}/${row.schema_version}`;
    const key = `${row.event_type} ${row.schema_version}`;
    if (!ajv.getSchema(key)) {
      const { status, body } = await token.get<object>(address);
      expect(status, address).toBe(200);
      const { $id: _, ...schema } = body as { $id: string };
      ajv.addSchema(schema, key);
    }
    const event = JSON.parse(
      eventBytes({
        sequenceNumber: Number(row.sequence_number),
        producedAt: new Date(Number(row.produced_at)),
        text: row.body,
      }),
    ) as unknown;
    expect(ajv.validate(key, event), `${ajv.errorsText()} in ${JSON.stringify(event)}`).toBe(true);
  }
  expect([...new Set(rows.map(({ event_type }) => event_type))].sort()).toEqual([...types].sort());
}
