# docker build -t backscope . && docker run --rm -p 8000:8000 --read-only backscope
# It prints the address with its token; what follows the image's name is options, such as --allow-host NAME.

FROM python:3.13-slim AS built
COPY . /source
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheel /source

FROM python:3.13-slim
RUN --mount=type=bind,from=built,source=/wheel,target=/wheel \
    pip install --no-cache-dir --no-compile --target /opt/backscope "$(echo /wheel/*.whl)[metrics]"
ENV PATH=/opt/backscope/bin:$PATH PYTHONPATH=/opt/backscope PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PORT=8000
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s CMD ["python", "-m", "server.healthy"]
ENTRYPOINT ["backscope", "--host", "0.0.0.0", "--no-browser"]
