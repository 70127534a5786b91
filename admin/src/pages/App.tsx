import { Layouts, Page } from '@strapi/strapi/admin';
import { Navigate, Route, Routes } from 'react-router-dom';

import { ScrollToTop } from '../components/ScrollToTop';
import { ENTRY_PERMISSIONS } from '../permissions';
import { CataloguePage } from './catalogue/CataloguePage';
import { EventTypePage } from './catalogue/EventTypePage';
import { DeliveriesPage } from './deliveries/DeliveriesPage';
import { DeliveryPage } from './deliveries/DeliveryPage';
import { EventPage } from './events/EventPage';
import { EventsPage } from './events/EventsPage';
import { MobileNavigation } from './MobileNavigation';
import { Navigation } from './Navigation';
import { CreateSubscriptionPage } from './subscriptions/CreateSubscriptionPage';
import { EditSubscriptionPage } from './subscriptions/EditSubscriptionPage';
import { SubscriptionsPage } from './subscriptions/SubscriptionsPage';
import { useSections } from './useSections';

/** The plugin's first section that the user may see. */
function Start() {
  const [first] = useSections();

  return first ? <Navigate to={first.to} replace /> : <Page.Loading />;
}

export function App() {
  return (
    <Page.Protect permissions={ENTRY_PERMISSIONS}>
      <Layouts.Root sideNav={<Navigation />}>
        <ScrollToTop />
        <MobileNavigation />
        <Routes>
          <Route index element={<Start />} />
          <Route path="subscriptions" element={<SubscriptionsPage />} />
          <Route path="subscriptions/create" element={<CreateSubscriptionPage />} />
          <Route path="subscriptions/:id" element={<EditSubscriptionPage />} />
          <Route path="deliveries" element={<DeliveriesPage />} />
          <Route path="deliveries/:id" element={<DeliveryPage />} />
          <Route path="events" element={<EventsPage />} />
          <Route path="events/:id" element={<EventPage />} />
          <Route path="catalogue" element={<CataloguePage />} />
          <Route path="catalogue/:type" element={<EventTypePage />} />
          <Route path="*" element={<Start />} />
        </Routes>
      </Layouts.Root>
    </Page.Protect>
  );
}
