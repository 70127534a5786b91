import type { ListAnswer, ResourceAnswer } from '../../../server/src/contracts/common';
import type {
  Delivery,
  DeliveryDetail,
  DeliveryStatus,
} from '../../../server/src/contracts/delivery';
import { address } from './address';
import { newswireApi } from './api';

/**
 * Restated, because only types of the contracts may get into the admin's bundle (zod would come along).
 * The record makes the compiler refuse a status that is missing here or unknown there.
 */
const STATUSES = {
  waiting: true,
  sending: true,
  delivered: true,
  awaiting_callback: true,
  dead: true,
  superseded: true,
  cancelled: true,
} as const satisfies Record<DeliveryStatus, true>;

export const DELIVERY_STATUSES = Object.keys(STATUSES) as DeliveryStatus[];

export interface ListDeliveries {
  status?: string | undefined;
  subscription_id?: string | undefined;
  event_id?: string | undefined;
  event_type?: string | undefined;
  since?: string | undefined;
  until?: string | undefined;
  after?: string | undefined;
  limit?: number;
}

const LIST = { type: 'NewswireDelivery', id: 'LIST' } as const;

function changed(_result: unknown, _error: unknown, id: string) {
  return [LIST, { type: 'NewswireDelivery', id } as const, 'NewswireStatus' as const];
}

const deliveriesApi = newswireApi.injectEndpoints({
  endpoints: (builder) => ({
    getNewswireDeliveries: builder.query<ListAnswer<Delivery>, ListDeliveries>({
      query: (query) => address('/deliveries', { ...query }),
      providesTags: [LIST],
    }),
    getNewswireDelivery: builder.query<DeliveryDetail, string>({
      query: (id) => address(`/deliveries/${id}`),
      transformResponse: (answer: ResourceAnswer<DeliveryDetail>) => answer.data,
      providesTags: (_result, _error, id) => [{ type: 'NewswireDelivery', id }],
    }),
    retryNewswireDelivery: builder.mutation<unknown, string>({
      query: (id) => ({ url: address(`/deliveries/${id}/retry`), method: 'POST', data: {} }),
      invalidatesTags: changed,
    }),
    cancelNewswireDelivery: builder.mutation<unknown, string>({
      query: (id) => ({ url: address(`/deliveries/${id}/cancel`), method: 'POST', data: {} }),
      invalidatesTags: changed,
    }),
    replayNewswireDelivery: builder.mutation<Delivery, string>({
      query: (id) => ({ url: address(`/deliveries/${id}/replay`), method: 'POST', data: {} }),
      transformResponse: (answer: ResourceAnswer<Delivery>) => answer.data,
      invalidatesTags: changed,
    }),
  }),
});

export const {
  useGetNewswireDeliveriesQuery,
  useGetNewswireDeliveryQuery,
  useRetryNewswireDeliveryMutation,
  useCancelNewswireDeliveryMutation,
  useReplayNewswireDeliveryMutation,
} = deliveriesApi;
