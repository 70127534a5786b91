import { newswireApi } from './api';

/** What the content manager tells of a content type, as far as it is used here. */
export interface ContentType {
  uid: string;
  kind: 'collectionType' | 'singleType';
  isDisplayed: boolean;
  info: { displayName: string };
}

const contentTypesApi = newswireApi.injectEndpoints({
  endpoints: (builder) => ({
    getNewswireContentTypes: builder.query<ContentType[], void>({
      query: () => '/content-manager/content-types',
      transformResponse: (answer: { data: ContentType[] }) =>
        answer.data.filter((type) => type.isDisplayed),
    }),
  }),
});

export const { useGetNewswireContentTypesQuery } = contentTypesApi;
