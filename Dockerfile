# One image for the app, for the stand-alone simulator and for making the bucket.
FROM python:3.11-slim-bookworm

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
WORKDIR /app

# Before the sources: a change of the app does not install everything again.
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt

COPY . .

# A volume that is mounted here for the first time takes over this owner.
RUN useradd --create-home --uid 10001 studio && install -d -o studio /data
USER studio
ENV STUDIO_DATA_DIR=/data

EXPOSE 8501
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4)"]
CMD ["streamlit", "run", "app.py", "--server.headless=true", "--server.address=0.0.0.0", "--server.port=8501"]
