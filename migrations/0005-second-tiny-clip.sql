-- The model that comes with the project is another one from here on, under the same name. Vectors of the first one mean nothing
-- to it: without them the next backfill embeds anew, and nothing is compared with what it can't be compared with.
delete from image_embeddings where model_version = 'tiny-clip';
delete from query_images where model = 'tiny-clip';
