import { relations } from 'drizzle-orm';
import { integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core';

export const author = pgTable('jotting_author', {
  id: integer().primaryKey().generatedByDefaultAsIdentity(),
  name: text().notNull(),
});
export const note = pgTable('jotting_note', {
  id: integer().primaryKey().generatedByDefaultAsIdentity(),
  body: text().notNull(),
  authorId: integer('author_id').notNull(),
  createdAt: timestamp('created_at', { withTimezone: true, precision: 3 }).notNull().defaultNow(),
});
export const schema = {
  author,
  note,
  notesOf: relations(author, ({ many }) => ({ notes: many(note) })),
  authorOf: relations(note, ({ one }) => ({
    author: one(author, { fields: [note.authorId], references: [author.id] }),
  })),
};
