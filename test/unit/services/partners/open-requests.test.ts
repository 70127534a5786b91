import { describe, expect, it } from 'vitest';
import { OpenRequests } from '../../../../server/src/services/partners/open-requests';

describe('Requests that are held open', () => {
  it('are so many of one token, and another still has its own', () => {
    const open = new OpenRequests({ perToken: 2, inAll: 10 });
    const first = open.open('a');
    expect([first, open.open('a')]).not.toContain(null);
    expect(open.open('a')).toBeNull();
    expect(open.open('b')).not.toBeNull();
    first?.();
    expect(open.open('a')).not.toBeNull();
    expect(open.size).toBe(3);
  });

  it('are so many in all', () => {
    const open = new OpenRequests({ perToken: 2, inAll: 2 });
    const first = open.open('a');
    open.open('b');
    expect(open.open('c')).toBeNull();
    first?.();
    expect(open.open('c')).not.toBeNull();
  });

  it('give their place back once, however often they are told to', () => {
    const open = new OpenRequests({ perToken: 2, inAll: 2 });
    const release = open.open('a');
    open.open('b');
    release?.();
    release?.();
    expect(open.size).toBe(1);
    expect(open.open('b')).not.toBeNull();
    expect(open.open('b')).toBeNull();
  });
});
