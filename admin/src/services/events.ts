import type { ListAnswer, ResourceAnswer } from '../../../server/src/contracts/common';
import type { StoredEvent } from '../../../server/src/contracts/event';
import { address } from './address';
import { newswireApi } from './api';

export interface ListEvents {
  subject_id?: string | undefined;
  subject_type?: string | undefined;
  event_type?: string | undefined;
  actor_id?: string | undefined;
  status?: string | undefined;
  since?: string | undefined;
  until?: string | undefined;
  after?: string | undefined;
  limit?: number;
}

const eventsApi = newswireApi.injectEndpoints({
  endpoints: (builder) => ({
    getNewswireEvents: builder.query<ListAnswer<StoredEvent>, ListEvents>({
      query: (query) => address('/events', { ...query }),
      providesTags: ['NewswireEvent'],
    }),
    getNewswireEvent: builder.query<StoredEvent, string>({
      query: (id) => address(`/events/${id}`),
      transformResponse: (answer: ResourceAnswer<StoredEvent>) => answer.data,
      providesTags: ['NewswireEvent'],
    }),
    revalidateNewswireEvent: builder.mutation<StoredEvent, string>({
      query: (id) => ({ url: address(`/events/${id}/revalidate`), method: 'POST', data: {} }),
      transformResponse: (answer: ResourceAnswer<StoredEvent>) => answer.data,
      invalidatesTags: ['NewswireEvent', 'NewswireDelivery', 'NewswireStatus'],
    }),
  }),
});

export const {
  useGetNewswireEventsQuery,
  useGetNewswireEventQuery,
  useRevalidateNewswireEventMutation,
} = eventsApi;
