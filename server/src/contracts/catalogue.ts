import type { Audience, Priority } from '../domain/definition';

/** One event definition as `GET /catalogue` lists it (spec §7). */
export interface CatalogueEntry {
  event_type: string;
  schema_version: string;
  summary: string;
  audience: Audience;
  approval: boolean;
  priority: Priority;
  /** `own` for what the application defines itself. */
  preset: string;
  /** Content types whose changes make this event; empty for operational events. */
  source: string[];
  /** All versions of its schema that events were recorded under, newest first. */
  versions: string[];
  /** Where the payload holds personal data: `titles[].contact`. */
  personal: string[];
  rules: { code: string; summary: string }[];
  /** The promise on delivery. */
  sla: { within_seconds: number; share: number } | null;
}

/** One event as `GET /schemas` lists it: what anybody may know of it. */
export interface PublishedEntry {
  event_type: string;
  version: string;
  /** Newest first. */
  versions: string[];
  summary: string;
  links: { schema: string; changelog: string };
}

/** What changed with a version of an event's schema. */
export interface ChangelogItem {
  version: string;
  /** When events were first made under it; null where none has been. */
  recorded_at: string | null;
  changes: string[];
}
