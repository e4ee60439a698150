@echo off
rem Runs the redrive command line from this source tree; builds it first if it is missing or older than the sources.
setlocal EnableExtensions DisableDelayedExpansion
set "home=%~dp0"
set "home=%home:~0,-1%"
set "jar=%home%\cli\target\redrive.jar"
set "demo=%home%\demo\target\redrive-demo.jar"
set "target=%home%\cli\target"
set "log=%target%\redrive-build.log"

if defined JAVA_HOME (
  set "java=%JAVA_HOME%\bin\java.exe"
) else (
  set "java=java.exe"
)
if defined JAVA_HOME if not exist "%java%" (
  echo redrive: JAVA_HOME is '%JAVA_HOME%', and there is no java in it. Point it at a JDK 17 or later. 1>&2
  exit /b 1
)
if not defined JAVA_HOME where /q java.exe || (
  echo redrive: there is no java on the PATH. Install a JDK 17 or later. 1>&2
  exit /b 1
)

rem Java 8 and older call themselves 1.x.
set "version=0"
for /f "tokens=3" %%v in ('""%java%" -version 2^>^&1" ^| findstr /c:" version "') do for /f "tokens=1 delims=.-" %%m in ("%%~v") do set "version=%%m"
if %version% LSS 17 (
  echo redrive: java is version %version%. Redrive needs 17 or later. 1>&2
  exit /b 1
)
set "archive=%target%\redrive-%version%.jsa"
set "options=-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto -Xlog:disable"

call :stale
if errorlevel 1 (
  where /q mvn || (
    echo redrive: cli\target\redrive.jar is missing or older than the sources, and there is no mvn on the PATH to build it. Install Maven 3.8 or later. 1>&2
    exit /b 1
  )
  if not exist "%target%" mkdir "%target%"
  call :alone
3>&2 2>nul (
  9>"%target%\redrive.lock" (
    call :build 1>&3 2>&3
  )
) && exit /b 0
if exist "%target%\redrive-build.failed" (
  del "%target%\redrive-build.failed"
  exit /b 1
)
echo redrive: waiting for another build of it 1>&2
timeout /t 2 /nobreak >nul
call :stale && exit /b 0
goto alone

:build
call :stale && exit /b 0
echo redrive: building, once; what Maven writes is in %log%
del /q "%archive%" 2>nul
pushd "%home%"
call mvn -B -pl demo -am -DskipTests -Dspotless.check.skip -Dmaven.source.skip package <nul >"%log%" 2>&1
set "result=%errorlevel%"
popd
if not "%result%"=="0" (
  findstr /b /c:"[ERROR]" "%log%"
  echo redrive: the build failed. What Maven wrote is in %log%.
  type nul >"%target%\redrive-build.failed"
  exit /b 1
)
exit /b 0
