/** What came back. `body` is parsed JSON, or text where it is not JSON, or null where there is none. */
export interface Reply<Body> {
  status: number;
  headers: Headers;
  body: Body;
}

type Send = <Body = unknown>(path: string, body?: unknown) => Promise<Reply<Body>>;

export interface HttpClient {
  get: <Body = unknown>(path: string) => Promise<Reply<Body>>;
  post: Send;
  put: Send;
  patch: Send;
  delete: <Body = unknown>(path: string) => Promise<Reply<Body>>;
}

/** A client of one server, with the same headers on every request. */
export function httpClient(base: string, headers: Record<string, string> = {}): HttpClient {
  const send = async <Body>(method: string, path: string, body?: unknown): Promise<Reply<Body>> => {
    const response = await fetch(new URL(path, base), {
      method,
      headers: {
        ...headers,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return {
      status: response.status,
      headers: response.headers,
      body: parse(await response.text()) as Body,
    };
  };
  return {
    get: (path) => send('GET', path),
    post: (path, body) => send('POST', path, body),
    put: (path, body) => send('PUT', path, body),
    patch: (path, body) => send('PATCH', path, body),
    delete: (path) => send('DELETE', path),
  };
}

function parse(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}
