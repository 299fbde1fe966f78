"""Google's protocol: generateContent, plain and streamed, counting, embeddings, models."""
