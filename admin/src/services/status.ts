import type { ResourceAnswer } from '../../../server/src/contracts/common';
import { address } from './address';
import { newswireApi } from './api';

/** Answer of `GET /status`: how the plugin as a whole stands. */
export interface NewswireStatus {
  version: string;
  /** False: secrets cannot be encrypted, so none can be made and no subscription created. */
  encryption_key: boolean;
  allow_http: boolean;
  backlog: number;
  oldest_waiting_at: string | null;
  dead: number;
  invalid_events: number;
  unsequenced: number;
}

const statusApi = newswireApi.injectEndpoints({
  endpoints: (builder) => ({
    getNewswireStatus: builder.query<NewswireStatus, void>({
      query: () => address('/status'),
      transformResponse: (answer: ResourceAnswer<NewswireStatus>) => answer.data,
      providesTags: ['NewswireStatus'],
    }),
  }),
});

export const { useGetNewswireStatusQuery } = statusApi;
