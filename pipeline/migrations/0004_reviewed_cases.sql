-- Which cases of an article reviewers kept; the next linking fills it in from the file of decisions.
ALTER TABLE reviews ADD COLUMN cases_read VARCHAR[] DEFAULT [];
ALTER TABLE reviews ADD COLUMN cases VARCHAR[] DEFAULT [];
ALTER TABLE reviews ALTER COLUMN cases_read SET NOT NULL;
ALTER TABLE reviews ALTER COLUMN cases SET NOT NULL;
ALTER TABLE reviews ALTER COLUMN cases_read DROP DEFAULT;
ALTER TABLE reviews ALTER COLUMN cases DROP DEFAULT;
