import type { ListAnswer, ResourceAnswer } from '../../../server/src/contracts/common';
import type { Attempt } from '../../../server/src/contracts/delivery';
import type {
  CreatedSubscription,
  CreateSubscription,
  Subscription,
} from '../../../server/src/contracts/subscription';
import { address } from './address';
import { newswireApi } from './api';

/** What the panel lets a user set of a subscription. */
export type SubscriptionInput = Pick<
  CreateSubscription,
  'name' | 'description' | 'owner_email' | 'event_types' | 'destination' | 'filter' | 'delivery'
>;

/** Answer of `POST /subscriptions/:id/test`. */
export type TestAttempt = Attempt & { delivery_id: string };

export interface ListSubscriptions {
  limit?: number;
  after?: string | undefined;
}

const LIST = { type: 'NewswireSubscription', id: 'LIST' } as const;

const subscriptionsApi = newswireApi.injectEndpoints({
  endpoints: (builder) => ({
    getNewswireSubscriptions: builder.query<ListAnswer<Subscription>, ListSubscriptions>({
      query: ({ limit, after }) => address('/subscriptions', { limit, after }),
      providesTags: [LIST],
    }),
    getNewswireSubscription: builder.query<Subscription, string>({
      query: (id) => address(`/subscriptions/${id}`),
      transformResponse: (answer: ResourceAnswer<Subscription>) => answer.data,
      providesTags: (_result, _error, id) => [{ type: 'NewswireSubscription', id }],
    }),
    createNewswireSubscription: builder.mutation<CreatedSubscription, SubscriptionInput>({
      query: (data) => ({ url: address('/subscriptions'), method: 'POST', data }),
      transformResponse: (answer: ResourceAnswer<CreatedSubscription>) => answer.data,
      invalidatesTags: [LIST],
    }),
    updateNewswireSubscription: builder.mutation<
      Subscription,
      { id: string; changes: SubscriptionInput }
    >({
      // PUT, because Strapi's fetch client knows no PATCH and sends a GET instead; the route answers both alike.
      query: ({ id, changes }) => ({
        url: address(`/subscriptions/${id}`),
        method: 'PUT',
        data: changes,
      }),
      transformResponse: (answer: ResourceAnswer<Subscription>) => answer.data,
      invalidatesTags: (_result, _error, { id }) => [LIST, { type: 'NewswireSubscription', id }],
    }),
    deleteNewswireSubscription: builder.mutation<unknown, string>({
      query: (id) => ({ url: address(`/subscriptions/${id}`), method: 'DELETE' }),
      // Not the subscription itself: the page that shows it would ask for it again and get a 404.
      invalidatesTags: [LIST, 'NewswireDelivery', 'NewswireStatus'],
    }),
    pauseNewswireSubscription: builder.mutation<unknown, { id: string; reason: string }>({
      query: ({ id, reason }) => ({
        url: address(`/subscriptions/${id}/pause`),
        method: 'POST',
        data: reason === '' ? {} : { reason },
      }),
      invalidatesTags: (_result, _error, { id }) => [LIST, { type: 'NewswireSubscription', id }],
    }),
    resumeNewswireSubscription: builder.mutation<unknown, string>({
      query: (id) => ({ url: address(`/subscriptions/${id}/resume`), method: 'POST', data: {} }),
      invalidatesTags: (_result, _error, id) => [
        LIST,
        { type: 'NewswireSubscription', id },
        'NewswireDelivery',
      ],
    }),
    testNewswireSubscription: builder.mutation<TestAttempt, string>({
      query: (id) => ({ url: address(`/subscriptions/${id}/test`), method: 'POST', data: {} }),
      transformResponse: (answer: ResourceAnswer<TestAttempt>) => answer.data,
      invalidatesTags: ['NewswireDelivery', 'NewswireEvent', 'NewswireStatus'],
    }),
  }),
});

export const {
  useGetNewswireSubscriptionsQuery,
  useGetNewswireSubscriptionQuery,
  useCreateNewswireSubscriptionMutation,
  useUpdateNewswireSubscriptionMutation,
  useDeleteNewswireSubscriptionMutation,
  usePauseNewswireSubscriptionMutation,
  useResumeNewswireSubscriptionMutation,
  useTestNewswireSubscriptionMutation,
} = subscriptionsApi;
