import * as React from 'react';

function subscribe(onChange: () => void) {
  document.addEventListener('visibilitychange', onChange);
  return () => document.removeEventListener('visibilitychange', onChange);
}

/** Whether the browser tab is in front: a hidden one need not ask the server anything. */
export function useVisible(): boolean {
  return React.useSyncExternalStore(subscribe, () => document.visibilityState === 'visible');
}
