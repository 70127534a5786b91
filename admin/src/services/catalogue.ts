import type { CatalogueEntry } from '../../../server/src/contracts/catalogue';
import type { ListAnswer } from '../../../server/src/contracts/common';
import { address } from './address';
import { newswireApi } from './api';

const catalogueApi = newswireApi.injectEndpoints({
  endpoints: (builder) => ({
    getNewswireCatalogue: builder.query<CatalogueEntry[], void>({
      query: () => address('/catalogue'),
      transformResponse: (answer: ListAnswer<CatalogueEntry>) => answer.data,
    }),
  }),
});

export const { useGetNewswireCatalogueQuery } = catalogueApi;
