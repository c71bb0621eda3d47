# Draws scaling.csv; run `gnuplot scaling.gp` in this folder.
set encoding utf8
set datafile separator ','
set datafile columnheaders
set border 3 linecolor rgb '#666666' linewidth 1
set tics nomirror out scale 0.6 textcolor rgb '#222222'
set grid back linetype 1 linewidth 1 linecolor rgb '#e8e8e8'
set key top left reverse Left noenhanced samplen 2.2 textcolor rgb '#222222'
set logscale xy
set format '10^{%T}'
set terminal svg size 900,700 dynamic background rgb 'white' font 'sans,14'
set output 'scaling.svg'
set multiplot layout 2,2
set title 'Time over inner steps'
set xlabel 'inner steps'
set ylabel 'seconds'
plot 'scaling.csv' using (strcol(1) eq 'steps' && strcol(2) eq 'storeAll' ? column('steps') : NaN):(column('seconds')) with linespoints linewidth 2 pointtype 7 pointsize 0.7 linecolor rgb '#0072b2' title 'storeAll', \
  'scaling.csv' using (strcol(1) eq 'steps' && strcol(2) eq 'segments' ? column('steps') : NaN):(column('seconds')) with linespoints linewidth 2 pointtype 7 pointsize 0.7 linecolor rgb '#d55e00' title 'segments', \
  'scaling.csv' using (strcol(1) eq 'steps' && strcol(2) eq 'binomial' ? column('steps') : NaN):(column('seconds')) with linespoints linewidth 2 pointtype 7 pointsize 0.7 linecolor rgb '#009e73' title 'binomial'
set title 'Memory over inner steps'
set xlabel 'inner steps'
set ylabel 'peak − idle, MB'
plot 'scaling.csv' using (strcol(1) eq 'steps' && strcol(2) eq 'storeAll' ? column('steps') : NaN):(column('peak_mb')) with linespoints linewidth 2 pointtype 7 pointsize 0.7 linecolor rgb '#0072b2' title 'storeAll', \
  'scaling.csv' using (strcol(1) eq 'steps' && strcol(2) eq 'segments' ? column('steps') : NaN):(column('peak_mb')) with linespoints linewidth 2 pointtype 7 pointsize 0.7 linecolor rgb '#d55e00' title 'segments', \
  'scaling.csv' using (strcol(1) eq 'steps' && strcol(2) eq 'binomial' ? column('steps') : NaN):(column('peak_mb')) with linespoints linewidth 2 pointtype 7 pointsize 0.7 linecolor rgb '#009e73' title 'binomial'
set title 'Time over parameters'
set xlabel 'parameters'
set ylabel 'seconds'
plot 'scaling.csv' using (strcol(1) eq 'parameters' && strcol(2) eq 'storeAll' ? column('parameters') : NaN):(column('seconds')) with linespoints linewidth 2 pointtype 7 pointsize 0.7 linecolor rgb '#0072b2' title 'storeAll', \
  'scaling.csv' using (strcol(1) eq 'parameters' && strcol(2) eq 'segments' ? column('parameters') : NaN):(column('seconds')) with linespoints linewidth 2 pointtype 7 pointsize 0.7 linecolor rgb '#d55e00' title 'segments', \
  'scaling.csv' using (strcol(1) eq 'parameters' && strcol(2) eq 'binomial' ? column('parameters') : NaN):(column('seconds')) with linespoints linewidth 2 pointtype 7 pointsize 0.7 linecolor rgb '#009e73' title 'binomial'
set title 'Memory over parameters'
set xlabel 'parameters'
set ylabel 'peak − idle, MB'
plot 'scaling.csv' using (strcol(1) eq 'parameters' && strcol(2) eq 'storeAll' ? column('parameters') : NaN):(column('peak_mb')) with linespoints linewidth 2 pointtype 7 pointsize 0.7 linecolor rgb '#0072b2' title 'storeAll', \
  'scaling.csv' using (strcol(1) eq 'parameters' && strcol(2) eq 'segments' ? column('parameters') : NaN):(column('peak_mb')) with linespoints linewidth 2 pointtype 7 pointsize 0.7 linecolor rgb '#d55e00' title 'segments', \
  'scaling.csv' using (strcol(1) eq 'parameters' && strcol(2) eq 'binomial' ? column('parameters') : NaN):(column('peak_mb')) with linespoints linewidth 2 pointtype 7 pointsize 0.7 linecolor rgb '#009e73' title 'binomial'
unset multiplot
set terminal pngcairo size 900,700 font 'sans,11'
set output 'scaling.png'
set multiplot layout 2,2
set title 'Time over inner steps'
set xlabel 'inner steps'
set ylabel 'seconds'
plot 'scaling.csv' using (strcol(1) eq 'steps' && strcol(2) eq 'storeAll' ? column('steps') : NaN):(column('seconds')) with linespoints linewidth 2 pointtype 7 pointsize 0.7 linecolor rgb '#0072b2' title 'storeAll', \
  'scaling.csv' using (strcol(1) eq 'steps' && strcol(2) eq 'segments' ? column('steps') : NaN):(column('seconds')) with linespoints linewidth 2 pointtype 7 pointsize 0.7 linecolor rgb '#d55e00' title 'segments', \
  'scaling.csv' using (strcol(1) eq 'steps' && strcol(2) eq 'binomial' ? column('steps') : NaN):(column('seconds')) with linespoints linewidth 2 pointtype 7 pointsize 0.7 linecolor rgb '#009e73' title 'binomial'
set title 'Memory over inner steps'
set xlabel 'inner steps'
set ylabel 'peak − idle, MB'
plot 'scaling.csv' using (strcol(1) eq 'steps' && strcol(2) eq 'storeAll' ? column('steps') : NaN):(column('peak_mb')) with linespoints linewidth 2 pointtype 7 pointsize 0.7 linecolor rgb '#0072b2' title 'storeAll', \
  'scaling.csv' using (strcol(1) eq 'steps' && strcol(2) eq 'segments' ? column('steps') : NaN):(column('peak_mb')) with linespoints linewidth 2 pointtype 7 pointsize 0.7 linecolor rgb '#d55e00' title 'segments', \
  'scaling.csv' using (strcol(1) eq 'steps' && strcol(2) eq 'binomial' ? column('steps') : NaN):(column('peak_mb')) with linespoints linewidth 2 pointtype 7 pointsize 0.7 linecolor rgb '#009e73' title 'binomial'
set title 'Time over parameters'
set xlabel 'parameters'
set ylabel 'seconds'
plot 'scaling.csv' using (strcol(1) eq 'parameters' && strcol(2) eq 'storeAll' ? column('parameters') : NaN):(column('seconds')) with linespoints linewidth 2 pointtype 7 pointsize 0.7 linecolor rgb '#0072b2' title 'storeAll', \
  'scaling.csv' using (strcol(1) eq 'parameters' && strcol(2) eq 'segments' ? column('parameters') : NaN):(column('seconds')) with linespoints linewidth 2 pointtype 7 pointsize 0.7 linecolor rgb '#d55e00' title 'segments', \
  'scaling.csv' using (strcol(1) eq 'parameters' && strcol(2) eq 'binomial' ? column('parameters') : NaN):(column('seconds')) with linespoints linewidth 2 pointtype 7 pointsize 0.7 linecolor rgb '#009e73' title 'binomial'
set title 'Memory over parameters'
set xlabel 'parameters'
set ylabel 'peak − idle, MB'
plot 'scaling.csv' using (strcol(1) eq 'parameters' && strcol(2) eq 'storeAll' ? column('parameters') : NaN):(column('peak_mb')) with linespoints linewidth 2 pointtype 7 pointsize 0.7 linecolor rgb '#0072b2' title 'storeAll', \
  'scaling.csv' using (strcol(1) eq 'parameters' && strcol(2) eq 'segments' ? column('parameters') : NaN):(column('peak_mb')) with linespoints linewidth 2 pointtype 7 pointsize 0.7 linecolor rgb '#d55e00' title 'segments', \
  'scaling.csv' using (strcol(1) eq 'parameters' && strcol(2) eq 'binomial' ? column('parameters') : NaN):(column('peak_mb')) with linespoints linewidth 2 pointtype 7 pointsize 0.7 linecolor rgb '#009e73' title 'binomial'
unset multiplot
set output
