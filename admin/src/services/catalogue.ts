import type { CatalogueEntry } from '../../../server/src/contracts/catalogue';
import type { CatalogueDetail } from '../../../server/src/contracts/catalogue-detail';
import type { ListAnswer, ResourceAnswer } from '../../../server/src/contracts/common';
import { address } from './address';
import { newswireApi } from './api';

const catalogueApi = newswireApi.injectEndpoints({
  endpoints: (builder) => ({
    getNewswireCatalogue: builder.query<CatalogueEntry[], void>({
      query: () => address('/catalogue'),
      transformResponse: (answer: ListAnswer<CatalogueEntry>) => answer.data,
    }),
    getNewswireEventType: builder.query<CatalogueDetail, string>({
      query: (type) => address(`/catalogue/${type}`),
      transformResponse: (answer: ResourceAnswer<CatalogueDetail>) => answer.data,
      providesTags: ['NewswireEvent', 'NewswireSubscription'],
    }),
  }),
});

export const { useGetNewswireCatalogueQuery, useGetNewswireEventTypeQuery } = catalogueApi;
