import { createRequire } from 'node:module';
import path from 'node:path';
import type { Core } from '@strapi/strapi';
import { readTraceContext } from '../domain/trace-context';
import type { TraceContext } from '../domain/trace-context';

/** What is used of `@opentelemetry/api` 1.x, whose copies share one global state. */
interface OpenTelemetry {
  trace: { getActiveSpan(): { spanContext(): SpanContext } | undefined };
}

interface SpanContext {
  traceId: string;
  spanId: string;
  traceFlags: number;
  traceState?: { serialize(): string };
}

/** Tells the trace that the change under way belongs to; null where there is none. */
export type CurrentTrace = () => TraceContext | null;

/**
 * By the span that OpenTelemetry has active, where the application has it installed; else by the headers of the request.
 * What breaks the format is passed over: a trace never costs an editor the save.
 */
export function traceReader(strapi: Core.Strapi): CurrentTrace {
  const telemetry = openTelemetryOf(strapi.dirs.app.root);
  return () => activeSpan(telemetry) ?? ofRequest(strapi);
}

function ofRequest(strapi: Core.Strapi): TraceContext | null {
  const headers = strapi.requestContext.get()?.request.headers ?? {};
  return readTraceContext({
    traceparent: headers['traceparent'],
    tracestate: headers['tracestate'],
  });
}

function activeSpan(telemetry: OpenTelemetry | null): TraceContext | null {
  try {
    const span = telemetry?.trace.getActiveSpan()?.spanContext();
    if (!span) {
      return null;
    }
    const flags = (span.traceFlags & 0xff).toString(16).padStart(2, '0');
    return readTraceContext({
      traceparent: `00-${span.traceId}-${span.spanId}-${flags}`,
      tracestate: span.traceState?.serialize(),
    });
  } catch {
    // Somebody else's code, inside an editor's save.
    return null;
  }
}

/** Ours to use only where the application brought it: it is no dependency of the plugin. */
function openTelemetryOf(applicationRoot: string): OpenTelemetry | null {
  try {
    const load = createRequire(path.join(applicationRoot, 'package.json'));
    const found = load('@opentelemetry/api') as Partial<OpenTelemetry>;
    return typeof found.trace?.getActiveSpan === 'function' ? (found as OpenTelemetry) : null;
  } catch {
    return null;
  }
}
