import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../database/factory/random';
import type { HttpClient } from '../support/http-client';
import { ASSIGNMENT } from './assignment';

/** What is down is not asked a thousand times a second. */
const PAUSE_AFTER_FAILURE = 50;

/** A change that an editor has tried. */
export interface Edit {
  kind: 'create' | 'update' | 'delete';
  /** Of this edit alone: it is what the content is called afterwards. Of a deletion: what it was called before. */
  label: string;
  /** Whether it changes a date. */
  dates: boolean;
  /** Null until Strapi has said which. */
  documentId: string | null;
  /** False: refused, or nobody knows. */
  confirmed: boolean;
}

/** All editors of a run: who does what, by chance, and what has come of it. */
export class Editors {
  readonly edits: Edit[] = [];
  readonly #random: Random;
  readonly #client: () => Promise<HttpClient>;

  constructor(client: () => Promise<HttpClient>, random: Random) {
    this.#client = client;
    this.#random = random;
  }

  get confirmed(): number {
    return this.edits.filter(({ confirmed }) => confirmed).length;
  }

  create(): Promise<Edit> {
    return this.#try({ kind: 'create', dates: true, documentId: null });
  }

  /** Edits one thing after the other until told to stop; what an edit has failed on is left as it is. */
  async work(goesOn: () => boolean): Promise<void> {
    const own: string[] = [];
    while (goesOn()) {
      const [documentId] = own.splice(this.#random.below(own.length), 1);
      const edit = await this.#try(
        documentId === undefined || this.#random.below(3) === 0
          ? { kind: 'create', dates: true, documentId: null }
          : {
              kind: this.#random.below(6) === 0 ? 'delete' : 'update',
              dates: this.#random.below(2) === 0,
              documentId,
            },
      );
      // Looked at again in the ledger, which must not find a later edit over one of which nobody knows.
      if (documentId !== undefined && edit.documentId !== documentId) own.push(documentId);
      if (edit.confirmed && edit.kind !== 'delete' && edit.documentId) own.push(edit.documentId);
    }
  }

  async #try(what: Pick<Edit, 'kind' | 'dates' | 'documentId'>): Promise<Edit> {
    const edit: Edit = { ...what, label: `Edit ${this.edits.length + 1}`, confirmed: false };
    this.edits.push(edit);
    try {
      await this.#send(edit);
    } catch {
      // The process has ended, or the connection, or it lets nobody in: committed or not, both are right.
    }
    if (!edit.confirmed) await sleep(PAUSE_AFTER_FAILURE);
    return edit;
  }

  async #send(edit: Edit): Promise<void> {
    const client = await this.#client();
    const content = {
      label: edit.label,
      role: 'editor',
      ...(edit.kind === 'create' && { start_date: '2026-01-15' }),
      ...(edit.kind === 'update' && edit.dates && { end_date: dateOf(edit.label) }),
    };
    const path = edit.documentId ? `${ASSIGNMENT.route}/${edit.documentId}` : ASSIGNMENT.route;
    const { status, body } =
      edit.kind === 'create'
        ? await client.post<Saved>(path, content)
        : edit.kind === 'update'
          ? await client.put<Saved>(path, content)
          : await client.delete<Saved>(path);
    edit.confirmed = status === 200 || status === 201;
    if (edit.confirmed && edit.kind === 'create') edit.documentId = body.data?.documentId ?? null;
  }
}

/** A date that no edit has set lately. */
function dateOf(label: string): string {
  const day = new Date(Date.UTC(2027, 0, 1 + (Number(label.replace(/\D/g, '')) % 3_000)));
  return day.toISOString().slice(0, 10);
}

interface Saved {
  data?: { documentId?: string };
}
