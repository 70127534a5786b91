import * as React from 'react';
import { NavigationType, useLocation, useNavigationType } from 'react-router-dom';

/**
 * Shows a page from its top when it is opened. The layout around it stays, and with it how far the page before was
 * scrolled; going back keeps the place.
 */
export function ScrollToTop() {
  const { pathname } = useLocation();
  const navigation = useNavigationType();
  const top = React.useRef<HTMLDivElement>(null);

  React.useLayoutEffect(() => {
    if (navigation !== NavigationType.Pop) top.current?.scrollIntoView();
  }, [pathname, navigation]);

  return <div ref={top} />;
}
