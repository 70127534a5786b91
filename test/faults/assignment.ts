/**
 * The content that the tests edit. Without a unique attribute: Strapi's own check of one ends the process with an
 * unhandled rejection when the database fails during it (entity-validator/validators.js).
 */
export const ASSIGNMENT = {
  uid: 'api::role-assignment.role-assignment',
  table: 'role_assignments',
  route: '/content-manager/collection-types/api::role-assignment.role-assignment',
};
